"""Stock: of a book for whoever keeps the catalogue, of every shelf for managers."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.books import BookDetailOutput, book_response
from catalog.models import Inventory
from catalog.selectors import book_pages
from catalog.selectors import inventory as inventory_selectors
from catalog.services import stock
from core.http.lists import list_response, read_list
from core.http.permissions import needs
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import StrictSerializer
from core.ids import BIGGEST_ID


class ShelfInput(StrictSerializer):
    """The number of copies that there are."""

    quantity = serializers.IntegerField(min_value=0, max_value=stock.MOST_COPIES)


class BookStockInput(ShelfInput):
    """Without a branch it is the warehouse's."""

    branch_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID, required=False)


class InventoryFilters(StrictSerializer):
    """All of them narrow."""

    branch = serializers.CharField(max_length=60, required=False, help_text="Id or slug")
    book = serializers.IntegerField(
        min_value=1, max_value=BIGGEST_ID, required=False, help_text="Id"
    )
    low_stock = serializers.BooleanField(
        required=False, help_text=f"At most {inventory_selectors.FEW} copies"
    )


class BookLinkOutput(serializers.Serializer[Any]):
    """A book's name."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    isbn13 = serializers.CharField()


class BranchNameOutput(serializers.Serializer[Any]):
    """A branch's name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class InventoryOutput(serializers.Serializer[Inventory]):
    """The copies of a book that a branch is free to sell."""

    id = serializers.IntegerField()
    book = BookLinkOutput()
    branch = BranchNameOutput()
    quantity = serializers.IntegerField()


@method_decorator(never_cache, name="dispatch")
class BookStockView(APIView):
    """A book's stock in one branch."""

    permission_classes = [needs("catalog.change_inventory")]

    @extend_schema(
        operation_id="book_stock_set",
        tags=["books"],
        request=BookStockInput,
        responses=BookDetailOutput,
    )
    def patch(self, request: Request, book_id: int) -> Response:
        """Set how many copies a branch has, the warehouse if none is named.

        The difference goes into the ledger; the answer is the book as everybody sees it from now.
        """
        given = BookStockInput(data=request.data)
        given.is_valid(raise_exception=True)
        stock.set_stock_of_book(book_id=book_id, **given.validated_data, actor_id=request.user.pk)
        return book_response(book_pages.book_page(book_id))


@method_decorator(never_cache, name="dispatch")
class InventoryListView(APIView):
    """Every shelf of the chain."""

    permission_classes = [needs("catalog.change_inventory")]

    @extend_schema(
        operation_id="admin_inventory",
        tags=["admin"],
        parameters=[InventoryFilters, *PAGE_PARAMETERS],
        responses=InventoryOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List shelves, the newest first."""
        filters, window = read_list(request.query_params, InventoryFilters)
        page = inventory_selectors.inventory_list(request.user, window, **filters)
        return list_response(request, page, InventoryOutput)


@method_decorator(never_cache, name="dispatch")
class InventoryView(APIView):
    """One shelf."""

    permission_classes = [needs("catalog.change_inventory")]

    @extend_schema(
        operation_id="admin_inventory_set",
        tags=["admin"],
        request=ShelfInput,
        responses=InventoryOutput,
    )
    def put(self, request: Request, inventory_id: int) -> Response:
        """Set how many copies stand there; the difference goes into the ledger."""
        given = ShelfInput(data=request.data)
        given.is_valid(raise_exception=True)
        shelf = inventory_selectors.shelf_for(request.user, inventory_id)
        changed = stock.set_quantity(
            book_id=shelf.book_id,
            branch_id=shelf.branch_id,
            **given.validated_data,
            actor_id=request.user.pk,
        )
        shelf.quantity = changed.quantity
        return Response(InventoryOutput(shelf).data)

"""Stock requests: employees ask, managers decide, one by one or many at a time."""

from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.inventory import BookLinkOutput, BranchNameOutput
from catalog.enums import StockRequestStatus, StockRequestType
from catalog.models import StockRequest
from catalog.selectors import stock_requests as request_selectors
from catalog.services import stock, stock_requests
from core.http.lists import list_response, many, read_list
from core.http.permissions import needs
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import InstantField, StrictSerializer
from core.ids import BIGGEST_ID

LONGEST_TEXT = 300
MOST_REVIEWED = 100
DECISIONS = [StockRequestStatus.APPROVED, StockRequestStatus.REJECTED]


class StockRequestInput(StrictSerializer):
    """SET_QUANTITY asks for a number of copies in all, ADD_QUANTITY for so many more."""

    book_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    branch_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    type = serializers.ChoiceField(choices=StockRequestType.choices)
    quantity = serializers.IntegerField(min_value=0, max_value=stock.MOST_COPIES)
    reason = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default=""
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse to add nothing."""
        if attrs["type"] == StockRequestType.ADD_QUANTITY and attrs["quantity"] == 0:
            raise serializers.ValidationError({"quantity": [_("Ask for at least one copy.")]})
        return attrs


class ReviewInput(StrictSerializer):
    """The decision, and what the branch should know about it."""

    decision = serializers.ChoiceField(choices=[(each.value, each.label) for each in DECISIONS])
    note = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default=""
    )

    def validate_decision(self, said: str) -> StockRequestStatus:
        """Return it as a status."""
        return StockRequestStatus(said)


class BulkReviewInput(ReviewInput):
    """The same decision on many."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST_ID),
        allow_empty=False,
        max_length=MOST_REVIEWED,
    )


class StockRequestFilters(StrictSerializer):
    """All of them narrow."""

    status = serializers.ChoiceField(choices=StockRequestStatus.choices, required=False)
    branch = serializers.CharField(max_length=60, required=False, help_text="Id or slug")
    book = serializers.IntegerField(
        min_value=1, max_value=BIGGEST_ID, required=False, help_text="Id"
    )


class PersonOutput(serializers.Serializer[Any]):
    """Somebody of the staff; the address is null once the account is gone."""

    id = serializers.UUIDField()
    email = serializers.EmailField(allow_null=True)


class StockRequestOutput(serializers.Serializer[StockRequest]):
    """What a branch asks for, and what was decided."""

    id = serializers.IntegerField()
    book = BookLinkOutput()
    branch = BranchNameOutput()
    type = serializers.ChoiceField(choices=StockRequestType.choices)
    quantity = serializers.IntegerField()
    reason = serializers.CharField()
    status = serializers.ChoiceField(choices=StockRequestStatus.choices)
    requested_by = serializers.SerializerMethodField()
    reviewed_by = serializers.SerializerMethodField()
    note = serializers.CharField()
    created_at = InstantField()
    reviewed_at = InstantField(allow_null=True)

    @extend_schema_field(PersonOutput(allow_null=True))
    def get_requested_by(self, asked: Any) -> dict[str, Any] | None:
        """Return who asked."""
        return _person(asked.requested_by_id, asked.asker_address)

    @extend_schema_field(PersonOutput(allow_null=True))
    def get_reviewed_by(self, asked: Any) -> dict[str, Any] | None:
        """Return who decided, None while it waits."""
        return _person(asked.reviewed_by_id, asked.reviewer_address)


class RefusalOutput(serializers.Serializer[Any]):
    """Why one of many was not reviewed."""

    code = serializers.CharField()
    message = serializers.CharField()


class ReviewedOutput(serializers.Serializer[stock_requests.Reviewed]):
    """What became of one of many: the status, or the error."""

    id = serializers.IntegerField()
    ok = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=StockRequestStatus.choices, allow_null=True)
    error = RefusalOutput(source="refusal", allow_null=True)

    def get_ok(self, reviewed: stock_requests.Reviewed) -> bool:
        """Return whether it was reviewed."""
        return reviewed.refusal is None


@method_decorator(never_cache, name="dispatch")
class StockRequestsView(APIView):
    """Asking for stock."""

    permission_classes = [needs("catalog.add_stockrequest")]

    @extend_schema(
        operation_id="stock_request_create",
        tags=["stock requests"],
        request=StockRequestInput,
        responses={201: StockRequestOutput},
    )
    def post(self, request: Request) -> Response:
        """Ask for copies of a book in a branch; employees tied to branches ask for theirs."""
        given = StockRequestInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        kind = StockRequestType(said.pop("type"))
        asked = stock_requests.create_request(user=request.user, kind=kind, **said)
        shown = request_selectors.request_for(request.user, asked.pk)
        return Response(StockRequestOutput(shown).data, status=201)


@method_decorator(never_cache, name="dispatch")
class MyStockRequestsView(APIView):
    """What somebody asked for."""

    permission_classes = [needs("catalog.view_stockrequest")]

    @extend_schema(
        operation_id="stock_requests_mine",
        tags=["stock requests"],
        parameters=PAGE_PARAMETERS,
        responses=StockRequestOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List your own requests, the newest first."""
        _none, window = read_list(request.query_params)
        page = request_selectors.my_requests(request.user, window)
        return list_response(request, page, StockRequestOutput)


@method_decorator(never_cache, name="dispatch")
class AdminStockRequestsView(APIView):
    """What every branch asked for."""

    permission_classes = [needs("catalog.change_stockrequest")]

    @extend_schema(
        operation_id="admin_stock_requests",
        tags=["admin"],
        parameters=[StockRequestFilters, *PAGE_PARAMETERS],
        responses=StockRequestOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List requests, the newest first."""
        filters, window = read_list(request.query_params, StockRequestFilters)
        page = request_selectors.request_list(request.user, window, **filters)
        return list_response(request, page, StockRequestOutput)


@method_decorator(never_cache, name="dispatch")
class StockRequestReviewView(APIView):
    """A decision on one request."""

    permission_classes = [needs("catalog.change_stockrequest")]

    @extend_schema(
        operation_id="stock_request_review",
        tags=["admin"],
        request=ReviewInput,
        responses=StockRequestOutput,
    )
    def patch(self, request: Request, request_id: int) -> Response:
        """Approve, which moves the stock, or reject; 409 if somebody has decided already."""
        given = ReviewInput(data=request.data)
        given.is_valid(raise_exception=True)
        stock_requests.review_request(
            request_id=request_id, user=request.user, **given.validated_data
        )
        shown = request_selectors.request_for(request.user, request_id)
        return Response(StockRequestOutput(shown).data)


@method_decorator(never_cache, name="dispatch")
class StockRequestBulkReviewView(APIView):
    """The same decision on many requests."""

    permission_classes = [needs("catalog.change_stockrequest")]

    @extend_schema(
        operation_id="stock_request_bulk_review",
        tags=["admin"],
        request=BulkReviewInput,
        responses=ReviewedOutput(many=True),
    )
    def patch(self, request: Request) -> Response:
        """Review each for itself; the answer is 200 and says what became of each."""
        given = BulkReviewInput(data=request.data)
        given.is_valid(raise_exception=True)
        done = stock_requests.review_requests(user=request.user, **given.validated_data)
        return Response(many(ReviewedOutput, done))


def _person(user_id: Any, address: str | None) -> dict[str, Any] | None:
    return {"id": str(user_id), "email": address} if user_id else None

"""Branches."""

from typing import Any, cast

from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.reading import CatalogueView
from catalog.selectors import branches as branch_selectors
from catalog.services import branches
from core.http.lists import list_response, read_list
from core.http.permissions import needs
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import StrictSerializer


class BranchOutput(serializers.Serializer[Any]):
    """A place that holds stock, and when it is open.

    `opening_hours` has spans of time for each day (mon to sun) that is known, none for a day off,
    and `special` days by date.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()
    is_warehouse = serializers.BooleanField()
    is_active = serializers.BooleanField()
    opening_hours = serializers.DictField()


class BranchInput(StrictSerializer):
    """A branch; without a slug its name makes one. A new warehouse takes over from the old one."""

    name = serializers.CharField(max_length=100)
    slug = serializers.SlugField(max_length=60, required=False)
    address = serializers.CharField(max_length=300)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    is_warehouse = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    opening_hours = serializers.DictField(
        required=False,
        help_text='{"mon": [["09:00", "13:00"], ["16:00", "19:00"]], "sat": [], '
        '"special": {"2026-12-25": []}}',
    )


class BranchChangesInput(BranchInput):
    """What is to change; `is_closed` false opens a branch again that was closed for good."""

    name = serializers.CharField(max_length=100, required=False)
    address = serializers.CharField(max_length=300, required=False)
    is_closed = serializers.BooleanField(required=False)

    def validate_is_closed(self, said: bool) -> bool:
        """Refuse true: the answer could not show what is not there."""
        if said:
            raise serializers.ValidationError(_("Send DELETE to close a branch for good."))
        return said


class BranchesView(CatalogueView):
    """The list of branches."""

    @extend_schema(
        operation_id="branches",
        tags=["branches"],
        parameters=PAGE_PARAMETERS,
        responses=BranchOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the warehouse and the branches that are open for business."""
        _none, window = read_list(request.query_params)
        page = branch_selectors.branch_list(window)
        return list_response(request, page, BranchOutput)


@method_decorator(never_cache, name="dispatch")
class AdminBranchesView(APIView):
    """Branches, for managers."""

    permission_classes = [needs("catalog.add_branch")]

    @extend_schema(
        operation_id="branches_create",
        tags=["admin"],
        request=BranchInput,
        responses={201: BranchOutput},
    )
    def post(self, request: Request) -> Response:
        """Open a branch."""
        given = BranchInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = cast("branches.BranchChanges", given.validated_data)
        opened = branches.create_branch(said=said, actor_id=request.user.pk)
        return Response(_described(opened.pk), status=201)


@method_decorator(never_cache, name="dispatch")
class AdminBranchView(APIView):
    """One branch, for managers."""

    permission_classes = [needs("catalog.change_branch")]

    @extend_schema(
        operation_id="branch_change",
        tags=["admin"],
        request=BranchChangesInput,
        responses=BranchOutput,
    )
    def patch(self, request: Request, branch_id: int) -> Response:
        """Change a branch; 409 `WAREHOUSE_NEEDED` for a warehouse that would cease to be one."""
        given = BranchChangesInput(data=request.data)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        reopened = changes.pop("is_closed", None) is False
        branches.change_branch(
            branch_id=branch_id,
            changes=cast("branches.BranchChanges", changes),
            is_reopened=reopened,
            actor_id=request.user.pk,
        )
        return Response(_described(branch_id))

    @extend_schema(operation_id="branch_close", tags=["admin"], responses={204: None})
    def delete(self, request: Request, branch_id: int) -> Response:
        """Close a branch for good; 409 while it has copies (`BRANCH_HAS_STOCK`) or open orders."""
        branches.close_branch(branch_id=branch_id, actor_id=request.user.pk)
        return Response(status=204)


def _described(branch_id: int) -> Any:
    return BranchOutput(branch_selectors.branch_for_staff(branch_id)).data

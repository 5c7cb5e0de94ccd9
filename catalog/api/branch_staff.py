"""/admin/branches/{id}/staff: which employees are tied to a branch."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.selectors import branch_staff as staff_selectors
from catalog.services import branch_staff
from core.http.permissions import needs
from core.http.serializers import StrictSerializer
from core.roles import Role

MOST_STAFF = 500


class StaffInput(StrictSerializer):
    """Everybody who is to be tied to the branch; who is left out is untied."""

    user_ids = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_STAFF)


class StaffMemberOutput(serializers.Serializer[Any]):
    """Somebody tied to the branch."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    full_name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)


class BranchStaffOutput(serializers.Serializer[Any]):
    """The branch and its people, by address."""

    branch_id = serializers.IntegerField()
    staff = StaffMemberOutput(many=True)


@method_decorator(never_cache, name="dispatch")
class BranchStaffView(APIView):
    """Who is tied to a branch sees its orders and those of their other branches, no others."""

    permission_classes = [needs("catalog.change_branchstaff")]

    @extend_schema(operation_id="branch_staff", tags=["admin"], responses=BranchStaffOutput)
    def get(self, request: Request, branch_id: int) -> Response:
        """Return the staff of a branch."""
        return _answer(branch_id)

    @extend_schema(
        operation_id="branch_staff_set",
        tags=["admin"],
        request=StaffInput,
        responses=BranchStaffOutput,
    )
    def put(self, request: Request, branch_id: int) -> Response:
        """Set the staff of a branch; ids of nobody or of customers are 400."""
        given = StaffInput(data=request.data)
        given.is_valid(raise_exception=True)
        branch_staff.set_staff(
            branch_id=branch_id, **given.validated_data, actor_id=request.user.pk
        )
        return _answer(branch_id)


def _answer(branch_id: int) -> Response:
    staff = staff_selectors.staff_of(branch_id)
    return Response(BranchStaffOutput({"branch_id": branch_id, "staff": staff}).data)

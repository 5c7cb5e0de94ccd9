"""Branches."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.reading import CatalogueView
from catalog.selectors import branches
from core.http.lists import list_response, read_list
from core.http.schema import PAGE_PARAMETERS


class BranchOutput(serializers.Serializer[Any]):
    """A place that holds stock; `opening_hours` has a pair of times or null for each weekday."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()
    is_warehouse = serializers.BooleanField()
    is_active = serializers.BooleanField()
    opening_hours = serializers.DictField()


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
        page = branches.branch_list(window)
        return list_response(request, page, BranchOutput)

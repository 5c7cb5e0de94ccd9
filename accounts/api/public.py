"""What views share that anybody may call."""

from rest_framework.permissions import AllowAny
from rest_framework.views import APIView


class PublicView(APIView):
    """Reads neither cookies nor bearer tokens: what it needs is in the body."""

    authentication_classes = []
    permission_classes = [AllowAny]

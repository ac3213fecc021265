"""Shape 5, where migrations begin: findings are thin, their evidence lies in column blocks."""

revision = "0005"
down_revision = None


def upgrade() -> None:
    """Databases of this shape were made whole."""

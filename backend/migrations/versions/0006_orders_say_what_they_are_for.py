"""orders say what they are for"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("order_", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title_zh", sa.String()))
        batch_op.add_column(sa.Column("title_en", sa.String()))
    op.execute("UPDATE order_ SET title_zh = '电子成绩单', title_en = 'Electronic transcript'")
    with op.batch_alter_table("order_", schema=None) as batch_op:
        batch_op.alter_column("title_zh", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("title_en", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("order_", schema=None) as batch_op:
        batch_op.drop_column("title_en")
        batch_op.drop_column("title_zh")

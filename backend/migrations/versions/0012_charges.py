"""charges"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Each order had one number at the provider, its own; money of another amount paid nothing.
PAID = (
    """
    INSERT INTO charge (institution_id, number, provider, way, buyer_id, title, total_fen, state,
                        opened_at, expires_at, link, opening_at, version)
    SELECT o.institution_id, o.number, MIN(p.provider), 'native', o.buyer_id, o.title_zh, o.total_fen,
           CASE WHEN SUM(CASE WHEN p.state IN ('settled', 'late', 'double') THEN 1 ELSE 0 END) > 0
                THEN 'paid' ELSE 'closed' END,
           o.created_at, COALESCE(o.expires_at, MIN(p.paid_at)), '', o.created_at, 1
    FROM order_ o JOIN payment p ON p.order_id = o.id
    WHERE o.total_fen > 0
    GROUP BY o.id, o.institution_id, o.number, o.buyer_id, o.title_zh, o.total_fen, o.created_at, o.expires_at
    """,
    """
    INSERT INTO charge_order (charge_id, order_id, institution_id, amount_fen)
    SELECT c.id, o.id, o.institution_id, o.total_fen
    FROM charge c JOIN order_ o ON o.institution_id = c.institution_id AND o.number = c.number
    """,
    """
    UPDATE payment SET
        charge_id = (SELECT charge_id FROM charge_order WHERE charge_order.order_id = payment.order_id),
        charge_number = (SELECT number FROM order_ WHERE order_.id = payment.order_id)
    """,
    """
    INSERT INTO payment_share (payment_id, order_id, institution_id, amount_fen, state)
    SELECT id, order_id, institution_id, amount_fen, state FROM payment
    WHERE state IN ('settled', 'late', 'double')
    """,
)


def upgrade() -> None:
    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("institution_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("merchant", sa.String(), server_default="", nullable=False),
        sa.Column("app", sa.String(), server_default="", nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("link_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opening_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("total_fen > 0", name=op.f("ck_charge_total")),
        sa.ForeignKeyConstraint(["buyer_id"], ["person.id"], name=op.f("fk_charge_buyer_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_charge_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint(
            "institution_id", "number", name=op.f("uq_charge_institution_id_number")
        ),
    )
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charge_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_charge_institution_id_state_expires_at"),
            ["institution_id", "state", "expires_at"],
            unique=False,
        )

    op.create_table(
        "charge_order",
        sa.Column(
            "charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("institution_id", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_charge_order_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_charge_order_institution_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["order_.id"], name=op.f("fk_charge_order_order_id")),
        sa.PrimaryKeyConstraint("charge_id", "order_id", name=op.f("pk_charge_order")),
    )
    with op.batch_alter_table("charge_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charge_order_order_id"), ["order_id"], unique=False)

    op.create_table(
        "payment_share",
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("institution_id", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_payment_share_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_payment_share_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_share_payment_id")
        ),
        sa.PrimaryKeyConstraint("payment_id", "order_id", name=op.f("pk_payment_share")),
    )
    with op.batch_alter_table("payment_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_share_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("charge_number", sa.String()))
    for statement in PAID:
        op.execute(statement)
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.alter_column("charge_number", existing_type=sa.String(), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_payment_provider_transaction_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_payment_institution_id_provider_transaction_id"),
            ["institution_id", "provider", "transaction_id"],
        )
        batch_op.drop_index(batch_op.f("ix_payment_order_id"))
        batch_op.create_index(batch_op.f("ix_payment_charge_id"), ["charge_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_payment_order_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_payment_charge_id"), "charge", ["charge_id"], ["id"]
        )
        batch_op.drop_column("order_id")


def downgrade() -> None:
    """One payment may be for several orders since, which the former tables cannot tell."""
    raise NotImplementedError("restore the backup that was made before this upgrade")

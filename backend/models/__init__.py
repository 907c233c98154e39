"""All tables. Import them from here."""

from backend.models.absences import Absence
from backend.models.applications import (
    Application,
    ConsentRecord,
    PreviewPage,
    PreviewSeen,
    Question,
    Snapshot,
    TranscriptRequest,
)
from backend.models.audit import AuditEntry
from backend.models.base import Base, UTCDateTime
from backend.models.broadcasts import Broadcast
from backend.models.conversations import Conversation, Inbound, Outbound
from backend.models.deliveries import Delivery, Lease, PlatformToken
from backend.models.documents import Blob, Credential
from backend.models.handoffs import Digest, Handoff, HandoffLine
from backend.models.identity import (
    AccountLink,
    ExamAccount,
    ExamTicket,
    SignIn,
    SignInTry,
    StepUp,
    StepUpCode,
)
from backend.models.numbering import Counter
from backend.models.orders import FreeCopy, Order, OrderLine, Payment
from backend.models.people import (
    ChatAccount,
    Institution,
    Person,
    Role,
    Unit,
    UnitName,
    WebSession,
)
from backend.models.policies import PolicyVersion
from backend.models.publications import DocumentDraft, PublishedDocument
from backend.models.registry import Course, EmailRequest, Grade, Student
from backend.models.unclear import LearningConsent, UnclearMessage
from backend.models.workers import Worker

__all__ = [
    "Absence",
    "AccountLink",
    "Application",
    "AuditEntry",
    "Base",
    "Blob",
    "Broadcast",
    "ChatAccount",
    "ConsentRecord",
    "Conversation",
    "Counter",
    "Course",
    "Credential",
    "Delivery",
    "Digest",
    "DocumentDraft",
    "EmailRequest",
    "ExamAccount",
    "ExamTicket",
    "FreeCopy",
    "Grade",
    "Handoff",
    "HandoffLine",
    "Inbound",
    "Institution",
    "LearningConsent",
    "Lease",
    "Order",
    "OrderLine",
    "Outbound",
    "Payment",
    "Person",
    "PlatformToken",
    "PolicyVersion",
    "PreviewPage",
    "PreviewSeen",
    "PublishedDocument",
    "Question",
    "Role",
    "SignIn",
    "SignInTry",
    "Snapshot",
    "StepUp",
    "StepUpCode",
    "Student",
    "TranscriptRequest",
    "UTCDateTime",
    "UnclearMessage",
    "Unit",
    "UnitName",
    "WebSession",
    "Worker",
]

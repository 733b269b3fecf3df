using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>A submit_sm_resp that waits for its time.</summary>
internal readonly record struct DelayedAnswer(SmppServerSession Session, uint Sequence, uint Status, long Id, ReceiptIdQuirk Quirk);

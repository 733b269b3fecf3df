namespace Strowger.Smpp;

/// <summary>
/// What a server reports. Callbacks of one session never overlap; those of different sessions do. They run on the receive loops or
/// a timer and must be quick. Spans are slices of the receive buffer. Every request is to be answered once, now or later, from any
/// thread, by the session's Respond methods with the sequence given here.
/// </summary>
public abstract class SmppServerHandler
{
    /// <summary>Whether <see cref="OnPdu"/> is wanted; read at each connection.</summary>
    public virtual bool TracePdus => false;

    /// <summary>The command_status to answer, 0 to accept; null when <see cref="SmppServerSession.AnswerBind"/> will be called later.</summary>
    public abstract uint? OnBind(SmppServerSession session, in BindRequest bind);

    /// <summary>The bind was accepted and answered.</summary>
    public virtual void OnBound(SmppServerSession session)
    {
    }

    public abstract void OnSubmit(SmppServerSession session, uint sequence, in SubmitSm pdu);

    public virtual void OnData(SmppServerSession session, uint sequence, in DataSm pdu) =>
        session.Respond(CommandId.DataSmResp, sequence, CommandStatus.InvalidCommandId);

    public virtual void OnSubmitMulti(SmppServerSession session, uint sequence, in SubmitMulti pdu) =>
        session.Respond(CommandId.SubmitMultiResp, sequence, CommandStatus.InvalidCommandId);

    public virtual void OnQuery(SmppServerSession session, uint sequence, in QuerySm pdu) =>
        session.Respond(CommandId.QuerySmResp, sequence, CommandStatus.QueryFailed);

    public virtual void OnCancel(SmppServerSession session, uint sequence, in CancelSm pdu) =>
        session.Respond(CommandId.CancelSmResp, sequence, CommandStatus.CancelFailed);

    public virtual void OnReplace(SmppServerSession session, uint sequence, in ReplaceSm pdu) =>
        session.Respond(CommandId.ReplaceSmResp, sequence, CommandStatus.ReplaceFailed);

    /// <summary>The ESME's answer to a delivery of ours.</summary>
    public virtual void OnDeliverResponse(SmppServerSession session, long tag, uint status, bool late)
    {
    }

    /// <summary>A delivery without an answer; at most once a tag.</summary>
    public virtual void OnDeliverUnanswered(SmppServerSession session, long tag, UnansweredReason reason)
    {
    }

    /// <summary>After each batch of the callbacks above; a flush follows.</summary>
    public virtual void OnBatchEnd(SmppServerSession session)
    {
    }

    /// <summary>There is room again after a delivery was refused as congested.</summary>
    public virtual void OnWritable(SmppServerSession session)
    {
    }

    /// <summary>The last callback of a session, bound or not.</summary>
    public virtual void OnClosed(SmppServerSession session, string reason)
    {
    }

    /// <summary>Every PDU, for a trace. Sent ones are reported with the session's lock held: copy and return.</summary>
    public virtual void OnPdu(SmppServerSession session, bool sent, ReadOnlySpan<byte> pdu)
    {
    }
}

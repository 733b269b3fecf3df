namespace Strowger.Smpp;

/// <summary>
/// What a client reports. Callbacks never overlap; they run on the receive loop or a timer, without the client's internal lock, and
/// must be quick. Spans are slices of the receive buffer: copy what outlives the call. Submitting from inside a callback is fine.
/// </summary>
public abstract class SmppClientHandler
{
    /// <summary>Whether <see cref="OnPdu"/> is wanted; read at each connect.</summary>
    public virtual bool TracePdus => false;

    /// <summary>The carrier's answer to one submit.</summary>
    /// <param name="tag">As given to <see cref="SmppClient.TrySubmit(long, in SubmitSm)"/>.</param>
    /// <param name="status">command_status; also that of a generic_nack.</param>
    /// <param name="messageId">Empty with most errors.</param>
    /// <param name="tlvs">For <see cref="Tlvs"/>.</param>
    /// <param name="late">After <see cref="OnUnanswered"/> with <see cref="UnansweredReason.Timeout"/> for the same tag.</param>
    public abstract void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late);

    /// <summary>A submit without an answer; called at most once a tag.</summary>
    public abstract void OnUnanswered(long tag, UnansweredReason reason);

    /// <summary>An incoming text or a receipt. Answer by the handle now or later, from any thread.</summary>
    public virtual void OnDeliver(in DeliverSm pdu, DeliverHandle handle) => handle.Answer(CommandStatus.TemporaryAppError);

    /// <summary>data_sm from the carrier, as <see cref="OnDeliver"/>.</summary>
    public virtual void OnData(in DataSm pdu, DeliverHandle handle) => handle.Answer(CommandStatus.TemporaryAppError);

    public virtual void OnAlertNotification(in AlertNotification pdu)
    {
    }

    /// <summary>After each batch of the callbacks above: the place to commit and to submit more. A flush follows.</summary>
    public virtual void OnBatchEnd()
    {
    }

    /// <summary>There is room again after a submit was refused as congested.</summary>
    public virtual void OnWritable()
    {
    }

    /// <param name="reason">For a person; null when the state says it all.</param>
    /// <param name="status">The command_status that caused it, or 0.</param>
    public virtual void OnStateChanged(BindState state, string? reason, uint status)
    {
    }

    /// <summary>Every PDU, for a trace. Sent ones are reported with the internal lock held: copy and return.</summary>
    public virtual void OnPdu(bool sent, ReadOnlySpan<byte> pdu)
    {
    }
}

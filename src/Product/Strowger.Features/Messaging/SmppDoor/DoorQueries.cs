using Strowger.Engine;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>query_sm and cancel_sm, of a client's own texts only. The history is on disk, so they are answered beside the receive loop.</summary>
internal sealed class DoorQueries(MessagingService messaging)
{
    public void Query(DoorClient client, SmppServerSession session, uint sequence, string messageId) => _ = Task.Run(() =>
    {
        try
        {
            Answer(client, session, sequence, messageId);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A request without an answer would take a place in the window for good.
            session.Respond(CommandId.QuerySmResp, sequence, CommandStatus.QueryFailed);
        }
    });

    public void Cancel(DoorClient client, SmppServerSession session, uint sequence, string messageId) => _ = Task.Run(async () =>
    {
        var status = CommandStatus.CancelFailed;
        try
        {
            if (Find(client, messageId) is not { } id)
            {
                status = CommandStatus.InvalidMessageId;
            }
            else if (await messaging.CancelAsync(id, CancellationToken.None).ConfigureAwait(false) is { Status: MessageStatus.Cancelled })
            {
                status = CommandStatus.Ok;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // As above.
        }

        session.Respond(CommandId.CancelSmResp, sequence, status);
    });

    private void Answer(DoorClient client, SmppServerSession session, uint sequence, string messageId)
    {
        if (Find(client, messageId) is not { } id || messaging.Find(id) is not { } message)
        {
            session.Respond(CommandId.QuerySmResp, sequence, CommandStatus.InvalidMessageId);
            return;
        }

        Span<byte> date = stackalloc byte[SmppTime.Length];
        session.RespondQuery(sequence, new QuerySmResp
        {
            MessageId = System.Text.Encoding.ASCII.GetBytes(messageId),
            FinalDate = message.FinalAt is { } at ? date[..SmppTime.Write(at, date)] : default,
            MessageState = (byte)DoorStatus.StateOf(message.Status),
        });
    }

    /// <summary>Null when the client has handed in no such text.</summary>
    private MessageId? Find(DoorClient client, string messageId)
    {
        if (!DoorId.TryParse(messageId, out var id))
        {
            return null;
        }

        var isOwn = false;
        JobHistory.Read(messaging.Engine, id.Job, (in EngineEvent item) =>
            isOwn |= item.Kind == EntryKind.Accepted && SmppMark.TryRead(item.Headers, out var mark) && mark.IsOf(client));
        return isOwn ? id : null;
    }
}

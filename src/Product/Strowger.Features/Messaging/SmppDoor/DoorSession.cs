using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Messaging.Sending;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>One bind's side of the door. Used on the session's callbacks only, which never overlap.</summary>
internal sealed class DoorSession(DoorClient client, ClientDelivery delivery, SmppServerSession session, DateTimeOffset since)
{
    private volatile bool _isEnding;

    public DoorClient Client => client;

    public ClientDelivery Delivery => delivery;

    public SmppServerSession Session => session;

    /// <summary>The password that it was let in by.</summary>
    public ProgramSecret Secret { get; } = client.Secret;

    /// <summary>Set before it is bound.</summary>
    public MessageIntake Intake { get; set; } = null!;

    /// <summary>It may not stay: nothing more is taken from it, and it hears unbind. Set under the client's lock.</summary>
    public bool IsEnding
    {
        get => _isEnding;
        set => _isEnding = value;
    }

    /// <summary>The connection is gone. Under the client's lock.</summary>
    public bool IsClosed { get; set; }

    public SubmitReader Reader { get; } = new();

    /// <summary>What the present read has brought, a batch for each queue.</summary>
    public List<SubmitBatch> Batches { get; } = [];

    /// <summary>What the present read says about deliveries.</summary>
    public CompletionBatch Outcomes { get; } = new();

    /// <summary>Of these, how many were taken.</summary>
    public int Taken { get; set; }

    public DoorBindInfo Info => new(
        session.Mode.ToString().ToLowerInvariant(), session.Remote?.ToString() ?? string.Empty, since, session.InterfaceVersion, session.TlsVersion, session.Unanswered, session.Outstanding);

    /// <summary>The batch of a queue, or null when there is none yet.</summary>
    public SubmitBatch? BatchOf(string queue)
    {
        foreach (var batch in Batches)
        {
            if (batch.Queue == queue)
            {
                return batch;
            }
        }

        return null;
    }
}

/// <summary>Texts for one queue that came in one read and are made durable together.</summary>
internal sealed class SubmitBatch
{
    public JobBatch Jobs { get; } = new();

    public List<(uint Sequence, int Parts)> Submits { get; } = [];

    public string Queue { get; set; } = string.Empty;

    /// <summary>When the last of them is expected to leave, from now.</summary>
    public TimeSpan Wait { get; set; }

    public void Clear()
    {
        Jobs.Clear();
        Submits.Clear();
        Wait = TimeSpan.Zero;
    }
}

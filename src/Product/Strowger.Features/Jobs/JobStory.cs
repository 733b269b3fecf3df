using System.Text;
using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>Gathers a job's events, newest first.</summary>
internal sealed class JobStory
{
    private bool _isProgressOver;
    private EntryKind? _newest;
    private int _newestCode;

    public bool IsKnown { get; private set; }

    public string Queue { get; private set; } = string.Empty;

    public string Flow { get; private set; } = string.Empty;

    public Lane Lane { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>How often it was handed out: the number of its newest lease.</summary>
    public int Leases { get; private set; }

    public int MaxAttempts { get; private set; }

    public long EnqueuedMs { get; private set; }

    public long DueMs { get; private set; }

    public long ExpiresMs { get; private set; }

    public long FinishedMs { get; private set; }

    public JobReason? Error { get; private set; }

    public byte[] Progress { get; private set; } = [];

    public byte[] Result { get; private set; } = [];

    public bool IsOctets { get; private set; }

    public byte[] Body { get; private set; } = [];

    public byte[] Headers { get; private set; } = [];

    /// <summary>The job it was put back as, when it was given up and put back.</summary>
    public JobId RequeuedAs { get; private set; }

    /// <summary>Whether the last that was said of it is what a holder with this outcome said.</summary>
    public bool Ended(OutcomeKind outcome) => (outcome, _newest) switch
    {
        (OutcomeKind.Done, EntryKind.Done) => true,
        (OutcomeKind.Retry, EntryKind.Retry or EntryKind.Dead) => _newestCode == JobCodes.Failed,
        (OutcomeKind.Permanent, EntryKind.Dead) => _newestCode == JobCodes.GivenUp,
        _ => false,
    };

    public void Take(in EngineEvent item)
    {
        Attempts = Math.Max(Attempts, item.Attempt);
        if (_newest is null && item.Kind is not (EntryKind.Event or EntryKind.Touched))
        {
            (_newest, _newestCode) = (item.Kind, item.Code);
        }

        switch (item.Kind)
        {
            case EntryKind.Accepted:
                TakeAcceptance(item);
                break;
            case EntryKind.Done:
                FinishedMs = item.TimeMs;
                Result = item.Data.ToArray();
                break;
            case EntryKind.Dead or EntryKind.Retry:
                FinishedMs = item.Kind == EntryKind.Dead ? item.TimeMs : FinishedMs;
                Error ??= JobReasons.Of(item.Code, item.Data);
                break;
            case EntryKind.Cancelled or EntryKind.Expired:
                FinishedMs = item.TimeMs;
                break;
            case EntryKind.Touched when !_isProgressOver && Progress.Length == 0:
                Progress = item.Data.ToArray();
                break;
            case EntryKind.Leased:
                // A new attempt begins at nothing.
                _isProgressOver = true;
                Leases++;
                break;
            case EntryKind.Event when RequeuedFact.TryRead(item, out _, out var later):
                RequeuedAs = later;
                break;
            default:
                break;
        }
    }

    private void TakeAcceptance(in EngineEvent item)
    {
        if (!JobEnvelope.TryRead(item.Headers, out var envelope))
        {
            return;
        }

        IsKnown = true;
        Queue = Encoding.UTF8.GetString(envelope.Queue);
        Flow = Encoding.UTF8.GetString(envelope.Flow);
        Lane = item.Lane;
        MaxAttempts = item.MaxAttempts;
        EnqueuedMs = item.TimeMs;
        DueMs = item.DueMs;
        ExpiresMs = item.ExpiresMs;
        IsOctets = envelope.IsOctets;
        Body = item.Data.ToArray();
        Headers = envelope.Headers.ToArray();
    }
}

using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>A pass at work: turns rows into texts a chunk at a time. By one thread.</summary>
internal sealed class PassRun(CampaignRun run, CampaignRecord record, int number, FlowGroup group)
{
    private readonly JobBatch _batch = new();
    private readonly List<(long Row, long Offset, long Line)> _places = [];
    private readonly Prefixes _prefixes = new(record.Prefixes);
    private readonly CampaignHours? _hours = record.Hours;
    private CampaignRows? _rows;
    private CampaignPass _progress = record.Passes[number];
    private CampaignPass _next = record.Passes[number];

    /// <summary>As far as it is durable.</summary>
    public CampaignPass Progress => Volatile.Read(ref _progress);

    public int Number => number;

    public FlowGroup Group => group;

    /// <summary>The queue its texts went into last; null before the first.</summary>
    public string? Queue { get; private set; }

    /// <summary>Its file could not be read: until then it is left alone.</summary>
    public DateTimeOffset RestsUntil { get; set; }

    /// <summary>Texts made and not yet enqueued.</summary>
    public JobBatch Batch => _batch;

    /// <summary>What was refused in the chunk.</summary>
    public List<RefusedRow> Refused { get; } = [];

    /// <summary>True when the chunk ended before the wish was fulfilled and more can be made at once.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Makes texts of the next rows, at most so many.</summary>
    public async ValueTask FillAsync(string path, CampaignDoor door, int wanted, CancellationToken cancel)
    {
        _batch.Clear();
        _places.Clear();
        Refused.Clear();
        HasMore = false;
        var done = false;
        _rows ??= CampaignRows.Resume(path, record, _progress, run.Id);
        for (var walked = 0; _batch.Count < wanted; walked++)
        {
            if ((walked >= CampaignLimits.WalkRows && _rows.IsAtRow) || _batch.Count >= CampaignLimits.ChunkRows || _batch.Length >= CampaignLimits.ChunkBytes)
            {
                HasMore = true;
                break;
            }

            if (!await _rows.NextAsync(cancel).ConfigureAwait(false))
            {
                done = true;
                break;
            }

            if (_rows.TryNumber(out var to) && IsMine(to))
            {
                Take(_rows, door);
            }
        }

        _next = _progress with { Row = _rows.Row, Offset = _rows.Offset, Line = _rows.NextLine, Taken = _progress.Taken + _batch.Count, IsDone = done };
    }

    /// <summary>The chunk is durable, all of it or up to where the queue was full.</summary>
    /// <returns>True when it moved.</returns>
    public bool Advance(BatchResult result)
    {
        var before = _progress;
        if (result.Stopped == EnqueueStatus.Accepted)
        {
            Volatile.Write(ref _progress, _next);
        }
        else
        {
            // Read again from behind the last that was accepted.
            Close();
            if (result.Results.Count > 0)
            {
                var (row, offset, line) = _places[result.Results.Count - 1];
                Volatile.Write(ref _progress, _progress with { Row = row, Offset = offset, Line = line, Taken = _progress.Taken + result.Results.Count });
            }
        }

        if (_progress.IsDone)
        {
            Close();
        }

        return _progress != before;
    }

    /// <summary>Texts of rows up to this one are in the journal, as many as told: walks there.</summary>
    public async ValueTask CatchUpAsync(string path, long row, long texts, CancellationToken cancel)
    {
        Close();
        using var rows = CampaignRows.Resume(path, record, _progress, run.Id);
        while (rows.Row < row && await rows.NextAsync(cancel).ConfigureAwait(false))
        {
        }

        Volatile.Write(ref _progress, _progress with { Row = rows.Row, Offset = rows.Offset, Line = rows.NextLine, Taken = _progress.Taken + texts });
    }

    public void Close()
    {
        _rows?.Dispose();
        _rows = null;
    }

    private bool IsMine(Msisdn to) =>
        record.Passes.Count == 1 || (_prefixes.Of(to) == _progress.Prefix && CampaignScan.ZoneOf(to, _hours) == _progress.TimeZone);

    private void Take(CampaignRows rows, CampaignDoor door)
    {
        if (rows.Check(door, out var text) is { } error)
        {
            // Told once, at the first look, or now when a channel went since.
            Refused.Add(new RefusedRow(rows.Line, error.Code, error.Detail));
            return;
        }

        Span<byte> mark = stackalloc byte[RowMark.MaxLength];
        var length = new RowMark(record.Id, number, rows.Row).Write(mark);
        door.Add(_batch, group.Name, mark[..length]);
        _places.Add((rows.Row, rows.Offset, rows.NextLine));
        Queue = text.Queue;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>Reads the log for alarms: counts hand-overs and receipts, and takes texts that acknowledge. Reading again does no harm.</summary>
internal sealed partial class AlarmProjection(JobEngine engine, AlarmBook book, ReceiptCounts counts, AlarmOptions options, string cursorPath) : Projection
{
    /// <summary>Read again after a kill at most.</summary>
    private const long WriteCursorEvery = 4L << 20;

    private readonly CursorFile _file = new(cursorPath);
    private long _written;
    private bool _hasReply;

    public override string Name => "alarms";

    public override long LoadCursor()
    {
        counts.Clear();

        // One past the end is of a journal that is gone.
        return _written = _file.Read() is { } cursor && cursor <= engine.Journal.End ? cursor : engine.Journal.DurableEnd;
    }

    public override void Apply(in EngineEvent item)
    {
        counts.Add(item);
        if (options.TextTo.Count > 0 && InboundItem.TryRead(item, out var found))
        {
            Take(found!.Text);
        }
    }

    public override void Commit(long cursor)
    {
        if (_hasReply || cursor - _written > WriteCursorEvery || _written == 0)
        {
            _file.Write(cursor);
            _written = cursor;
            _hasReply = false;
        }
    }

    private void Take(InboundText text)
    {
        var from = options.TextTo.FirstOrDefault(number => number.TrimStart('+') == text.From.TrimStart('+'));
        if (from is null || text.Text is null || Reply().Match(text.Text) is not { Success: true } match
            || !long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        _hasReply = true;
        book.Acknowledge(id, AlarmWords.Masked(from), null);
    }

    /// <summary>A12, a 12, ack 12; what follows is for the archive.</summary>
    [GeneratedRegex(@"^\s*(?:a|ack|alarm)\s*(\d{1,12})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reply();
}

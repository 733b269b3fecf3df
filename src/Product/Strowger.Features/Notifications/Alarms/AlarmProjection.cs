using System.Globalization;
using System.Text.RegularExpressions;
using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Records.Receipts;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>
/// Reads the log for alarms: counts hand-overs and receipts, and takes texts that acknowledge. The counts are a read model, built anew from
/// the journal when they are gone; texts are taken from a place of their own on, so that an old one acknowledges nothing new.
/// </summary>
internal sealed partial class AlarmProjection(
    JobEngine engine, AlarmBook book, ReceiptCounts counts, ReceiptCountStore store, AlarmOptions options, string cursorPath) : Projection
{
    /// <summary>Read again after a kill at most.</summary>
    private const long WriteEvery = 4L << 20;

    /// <summary>And not more than this.</summary>
    private static readonly TimeSpan _writeAtLeast = TimeSpan.FromSeconds(30);

    private readonly CursorFile _file = new(cursorPath);
    private long _repliesFrom;
    private long _written;
    private long _read;
    private long _writtenAt;
    private bool _hasReply;

    public override string Name => "alarms";

    /// <summary>Alarms are judged every few seconds.</summary>
    public override TimeSpan Rest => TimeSpan.FromMilliseconds(250);

    public override long LoadCursor()
    {
        // One past the end is of a journal that is gone.
        if (_file.Read() is { } cursor && cursor <= engine.Journal.End)
        {
            _repliesFrom = cursor;
        }
        else
        {
            _repliesFrom = engine.Journal.DurableEnd;
            _file.Write(_repliesFrom);
        }

        counts.Load(store.List());
        _read = _written = Math.Min(_repliesFrom, store.Cursor);
        _writtenAt = engine.Time.GetTimestamp();
        return _written;
    }

    public override void Apply(in EngineEvent item)
    {
        if (item.Record >= store.Cursor)
        {
            counts.Add(item);
        }

        if (item.Record >= _repliesFrom && options.TextTo.Count > 0 && InboundItem.TryRead(item, out var found))
        {
            Take(found!.Text);
        }
    }

    public override void Commit(long cursor)
    {
        _read = cursor;
        if (_hasReply || cursor - _written > WriteEvery || engine.Time.GetElapsedTime(_writtenAt) >= _writeAtLeast)
        {
            Write();
        }
    }

    /// <summary>Keeps what was read. At a stop, once nothing is read any more.</summary>
    public void Flush()
    {
        if (_read > _written)
        {
            Write();
        }
    }

    private void Write()
    {
        store.Apply(counts.TakeChanged(), Math.Max(_read, store.Cursor));
        _file.Write(Math.Max(_read, _repliesFrom));
        _written = _read;
        _writtenAt = engine.Time.GetTimestamp();
        _hasReply = false;
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

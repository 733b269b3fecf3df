using System.Runtime.InteropServices;
using Strowger.Engine;
using Strowger.Records.Inbound;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>The list of texts received. A part is listed when it comes; when the last has come, the whole takes the place of its parts.</summary>
public sealed class InboundProjection(JobEngine engine, InboundStore store) : Projection
{
    private readonly InboundAssembler _assembler = new();
    private readonly List<InboundItem> _finished = [];
    private readonly List<InboundRow> _rows = [];
    private long _lastMs;

    public override string Name => "inbound";

    public override long LoadCursor()
    {
        _rows.Clear();
        _assembler.Clear();
        var since = engine.Time.GetUtcNow() - InboundLimits.JoinTime;
        foreach (var row in store.OpenParts(since.ToUnixTimeMilliseconds(), InboundLimits.MaxOpenParts))
        {
            _assembler.Add(ItemOf(row), _finished);
        }

        _finished.Clear();
        return store.Cursor;
    }

    public override void Apply(in EngineEvent item)
    {
        _lastMs = item.TimeMs;
        if (!InboundItem.TryRead(item, out var found) || !_assembler.Add(found!, _finished))
        {
            return;
        }

        _rows.Add(RowOf(found!));
        foreach (var whole in _finished)
        {
            if (whole.JoinedFrom.Count > 0)
            {
                _rows.RemoveAt(_rows.Count - 1);
                _rows.Add(RowOf(whole));
            }
        }

        _finished.Clear();
    }

    public override void Commit(long cursor)
    {
        store.Apply(CollectionsMarshal.AsSpan(_rows), cursor);
        _rows.Clear();

        // By the log's time: a list built anew joins what it joined the first time.
        _assembler.Expire(_lastMs, _finished);
        _finished.Clear();
    }

    private static InboundRow RowOf(InboundItem item) => new(
        item.Position.Value,
        item.TimeMs,
        item.Text.Channel,
        item.Text.From,
        item.Text.To,
        item.Text.Text,
        item.Text.DataHex,
        item.Text.DataCoding,
        item.Text.Parts,
        item.Text.Part,
        item.Text.Reference)
    {
        Tlvs = item.Text.Tlvs,
        Replaces = [.. item.JoinedFrom.Where(position => position != item.Position).Select(position => position.Value)],
    };

    private static InboundItem ItemOf(InboundRow row) => new(
        new EventPosition(row.Position), 0, row.ReceivedMs, TextOf(row));

    /// <summary>The text of a row, for those who show it.</summary>
    public static InboundText TextOf(InboundRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new InboundText(row.Channel, row.From, row.To, row.Text, row.DataHex, row.DataCoding, row.Parts, row.Part, row.Reference) { Tlvs = row.Tlvs };
    }
}

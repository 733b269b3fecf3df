using Strowger.Engine;
using Strowger.Engine.Events;
using Strowger.Engine.Journaling;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.Receipts;

namespace Strowger.Load.Fuzzing;

/// <summary>
/// What stands in the journal's records, as if a checksum had let it through: acceptances, entries, names, and the features' data in
/// them. The first octet is the record's type.
/// </summary>
internal sealed class EventFuzz : FuzzTarget
{
    private const int MaxPayload = 4096;
    private readonly byte[] _record = new byte[RecordFormat.HeaderBytes + MaxPayload + RecordFormat.Alignment];
    private long _sink;

    public override string Name => "journal's records";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. MakeSeeds()];

    public override void Read(ReadOnlySpan<byte> input)
    {
        if (input.Length is < 1 or > MaxPayload)
        {
            return;
        }

        var total = RecordFormat.TotalBytes(input.Length - 1);
        RecordFormat.Write(_record.AsSpan(0, total), 8, input[0], input[1..], 1_700_000_000_000, 0);
        var record = RecordFormat.View(_record.AsSpan(0, total), 8);
        switch (record.Type)
        {
            case RecordTypes.Entries:
                ReadEntries(record);
                break;
            case RecordTypes.FlowName:
                _sink += NameRecord.TryReadFlow(record.Payload, out _, out _, out _, out _, out _, out _) ? 1 : 0;
                break;
            case RecordTypes.DayCounts:
                new Strowger.Engine.Limits.DayCounts().Replay(record.Payload);
                break;
            case RecordTypes.StageName:
                _sink += NameRecord.TryReadStage(record.Payload, out _, out _) ? 1 : 0;
                break;
            default:
                _sink += EventDecoder.TryAcceptance(record, out var accepted, moved: true) ? accepted.Data.Length : 0;
                break;
        }
    }

    private void ReadEntries(RecordView record)
    {
        var payload = record.Payload;
        for (var index = 0; Entry.TryRead(ref payload, out var entry); index++)
        {
            Require(index <= MaxPayload / Entry.FixedBytes, "entries come to an end");
            var item = EventDecoder.Entry(record, index, entry);
            _sink += item.DueMs + RetryData.ReadFlow(entry.Data);
            _sink += HandOverData.TryRead(item.Data, out _) ? 1 : 0;
            _sink += ReceiptData.TryRead(item.Data, out _) ? 1 : 0;
            _sink += InboundText.Parse(item.Data) is null ? 0 : 1;
        }
    }

    private static IEnumerable<byte[]> MakeSeeds()
    {
        var bytes = new byte[512];
        var enqueue = new EnqueueRecord { Lane = 1, Parts = 2, Cost = 1, Flow = 3, FirstId = 4, DueMs = 5, ExpiresAt = 6, UniqueKey = 7, UniqueContent = 8, Headers = "headers"u8, Body = "body"u8 };
        enqueue.Write(bytes);
        var size = enqueue.Size;
        yield return [RecordTypes.Enqueue, .. bytes[..size]];
        yield return [RecordTypes.Moved, .. bytes[..size]];
        yield return [RecordTypes.FlowName, .. NameRecord.Flow(1, "queue", Lane.Bulk, "flow", "key", 5)];
        var counts = new Strowger.Engine.Limits.DayCounts();
        counts.Of(1, "brand", "key").Used = 7;
        yield return [RecordTypes.DayCounts, .. counts.ToRecord([(1, "brand", "key")])];
        yield return [RecordTypes.StageName, .. NameRecord.Stage(1, "stage")];
        foreach (var kind in Enum.GetValues<EntryKind>())
        {
            var first = new Entry { Kind = kind, Attempt = 1, Code = 2, Stage = 3, Part = 0, Job = 9, Previous = 8, Data = new byte[40] }.Write(bytes);
            var second = new Entry { Kind = kind, Job = 10, Data = "{\"from\":\"46701234567\",\"to\":\"123\",\"text\":\"Hi\"}"u8 }.Write(bytes.AsSpan(first));
            yield return [RecordTypes.Entries, .. bytes[..(first + second)]];
        }
    }
}

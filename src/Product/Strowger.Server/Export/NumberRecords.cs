using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Jobs;
using Strowger.Features.Messaging;
using Strowger.Server.Erasure;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Export;

/// <summary>
/// What is kept about one number and no list finds: rows of campaigns' files, texts from it, jobs that name it. Goes over all there is, as an
/// erasure does, and finds what that would find.
/// </summary>
/// <param name="data">The data directory.</param>
/// <param name="engine">Whose history.</param>
/// <param name="time">For rests.</param>
internal sealed class NumberRecords(string data, JobEngine engine, TimeProvider time)
{
    /// <summary>Octets of journal read between rests: some 10 ms of work.</summary>
    private const long Stretch = 4 << 20;

    /// <summary>So that it takes a third of a core at most.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(20);

    /// <summary>Some lines of NDJSON at a time, valid until the next.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(Msisdn number, [EnumeratorCancellation] CancellationToken cancel)
    {
        var forms = new NumberForms(number);
        var lines = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(lines, JsonAnswer.Options);
        foreach (var path in CampaignFileRows.FilesOf(data))
        {
            await CampaignFileRows.ReadAsync(path, row => AddRow(Path.GetFileNameWithoutExtension(path), row, forms, lines, json), cancel).ConfigureAwait(false);
            if (lines.WrittenCount > 0)
            {
                yield return lines.WrittenMemory;
                lines.ResetWrittenCount();
            }
        }

        var mentions = new NumberMentions(forms);
        var end = engine.Journal.DurableEnd;
        var reader = EventReader.From(engine, 0);
        void Take(in EngineEvent item) => AddJob(item, mentions, lines, json);
        for (var goesOn = true; goesOn;)
        {
            cancel.ThrowIfCancellationRequested();
            var stop = reader.Next + Stretch;
            while (goesOn && reader.Next < stop)
            {
                goesOn = reader.Next < end && reader.ReadRecord(Take);
            }

            if (lines.WrittenCount > 0)
            {
                yield return lines.WrittenMemory;
                lines.ResetWrittenCount();
            }

            await Task.Delay(_rest, time, cancel).ConfigureAwait(false);
        }
    }

    private static void AddRow(string campaign, CampaignFileRow row, NumberForms forms, ArrayBufferWriter<byte> lines, Utf8JsonWriter json)
    {
        if (!row.Names(forms))
        {
            return;
        }

        Begin(json, lines, "row");
        json.WriteString("campaign"u8, campaign);
        json.WriteNumber("line"u8, row.Reader.Line);
        json.WriteStartObject("columns"u8);
        for (var column = 0; column < row.Reader.Columns.Count; column++)
        {
            json.WriteString(row.Reader.Columns[column], row.Reader[column]);
        }

        json.WriteEndObject();
        End(json, lines);
    }

    /// <summary>Texts to it are in the list; posts of webhooks and deliveries to clients say again what texts say.</summary>
    private static void AddJob(in EngineEvent item, NumberMentions mentions, ArrayBufferWriter<byte> lines, Utf8JsonWriter json)
    {
        if (item.Kind != EntryKind.Accepted)
        {
            return;
        }

        if (MessageMark.IsOfMessage(item.Headers))
        {
            if (MessageBodyReader.TryRead(item.Data, out var message, out _) && mentions.IsFrom(message.From) && message.To != mentions.Forms.Number)
            {
                Begin(json, lines, "message");
                json.WriteString("id"u8, new MessageId(item.Job).ToString());
                End(json, lines);
            }
        }
        else if (JobEnvelope.TryRead(item.Headers, out var job) && mentions.Names(item))
        {
            Begin(json, lines, "job");
            json.WriteString("id"u8, JobName.Of(item.Job));
            json.WriteString("queue"u8, job.Queue);
            json.WriteTime("accepted_at"u8, DateTimeOffset.FromUnixTimeMilliseconds(item.TimeMs));
            if (job.IsOctets)
            {
                json.WriteString("body_hex"u8, Convert.ToHexStringLower(item.Data));
            }
            else
            {
                json.WritePropertyName("body"u8);
                json.WriteRawValue(item.Data);
            }

            End(json, lines);
        }
    }

    private static void Begin(Utf8JsonWriter json, ArrayBufferWriter<byte> lines, string kind)
    {
        json.Reset(lines);
        json.WriteStartObject();
        json.WriteString("kind"u8, kind);
    }

    private static void End(Utf8JsonWriter json, ArrayBufferWriter<byte> lines)
    {
        json.WriteEndObject();
        json.Flush();
        lines.Write("\n"u8);
    }
}

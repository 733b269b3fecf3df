using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Jobs;
using Strowger.Features.Messaging.Statuses;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Http.Events;

/// <summary>
/// One client's Server-Sent Events (WHATWG HTML, 9.2): the log itself is the buffer, so a client that is slow costs a chunk of
/// memory and nothing more. There is no <c>event:</c> line: its type is in the data, and every client gets it as a message.
/// </summary>
internal sealed class EventStream(JobEngine engine, StageNames stages) : IDisposable
{
    private readonly JobEventJson _jobs = new(engine, stages.Of);
    private readonly ArrayBufferWriter<byte> _buffer = new(HttpLimits.StreamChunk);
    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private Utf8JsonWriter? _writer;

    public bool IsChunkFull => _buffer.WrittenCount >= HttpLimits.StreamChunk;

    public bool IsEmpty => _buffer.WrittenCount == 0;

    public ReadOnlyMemory<byte> Chunk => _buffer.WrittenMemory;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Comment() => _buffer.Write(": \n\n"u8);

    /// <summary>How long a client waits before it connects again, milliseconds.</summary>
    public void Retry(int milliseconds) => _buffer.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {milliseconds}\n\n")));

    public void Add(in EngineEvent item)
    {
        _json.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_json, JsonAnswer.Options);
        _writer.Reset(_json);
        if (!_jobs.TryWrite(_writer, item))
        {
            EventJson.Write(_writer, item, stages.Of);
        }

        _writer.Flush();
        _buffer.Write("id: "u8);
        var digits = _buffer.GetSpan(20);
        _ = item.Position.Value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        _buffer.Advance(length);
        _buffer.Write("\ndata: "u8);
        _buffer.Write(_json.WrittenSpan);
        _buffer.Write("\n\n"u8);
    }

    public void Dispose() => _writer?.Dispose();
}

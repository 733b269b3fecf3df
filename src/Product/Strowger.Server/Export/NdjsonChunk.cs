using System.Buffers;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Export;

/// <summary>Lines gathered before they are written out.</summary>
internal sealed class NdjsonChunk : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new(80 * 1024);
    private readonly Utf8JsonWriter _json;

    public NdjsonChunk() => _json = new Utf8JsonWriter(_bytes, JsonAnswer.Options);

    public int Length => _bytes.WrittenCount;

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public void Add(UnsentTexts texts, in LiveJob job)
    {
        _json.Reset(_bytes);
        if (texts.TryWrite(job, _json))
        {
            _json.Flush();
            _bytes.Write("\n"u8);
        }
    }

    public void Clear() => _bytes.ResetWrittenCount();

    public void Dispose() => _json.Dispose();
}

using System.Buffers;
using System.Text.Json;
using Strowger.Features.Messaging;

namespace Strowger.Server.Cli.Sending;

/// <summary>Some thousand texts as NDJSON, with the line of the file each came from. Reused.</summary>
internal sealed class CsvBatch : IDisposable
{
    /// <summary>A request's worth: the server writes it in one go, and after an interruption at most this is asked again.</summary>
    public const int MaxLines = 10_000;

    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(MaxBytes + MessageLimits.MaxLine);
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<int> _starts = [];
    private readonly List<long> _fileLines = [];
    private readonly Utf8JsonWriter _writer;

    public CsvBatch() => _writer = new Utf8JsonWriter(_bytes);

    public int Count => _starts.Count;

    public bool IsFull => Count >= MaxLines || _bytes.WrittenCount >= MaxBytes;

    /// <summary>Line of the file of a text, from 0.</summary>
    public long FileLine(int index) => _fileLines[index];

    /// <summary>From a text to the end.</summary>
    public ReadOnlyMemory<byte> From(int index) => _bytes.WrittenMemory[_starts[index]..];

    public void Add(CsvReader row, int to, Template template, SendOptions options)
    {
        _text.ResetWrittenCount();
        template.Render(row, _text);
        _starts.Add(_bytes.WrittenCount);
        _fileLines.Add(row.Line);
        _writer.Reset(_bytes);
        _writer.WriteStartObject();
        _writer.WriteString("to"u8, row[to].Trim((byte)' '));
        _writer.WriteString("text"u8, _text.WrittenSpan);
        SendJson.WriteCommon(_writer, options);
        _writer.WriteEndObject();
        _writer.Flush();
        _bytes.Write("\n"u8);
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _starts.Clear();
        _fileLines.Clear();
    }

    public void Dispose() => _writer.Dispose();
}

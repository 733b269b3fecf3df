using System.Text;

namespace Strowger.Features.Messaging;

/// <summary>Reads a file as UTF-8 or octets above ASCII: a byte order mark is dropped, UTF-16 (by its mark, or by the zeros its first letters have) rewritten.</summary>
internal sealed class CsvSource(Stream stream, bool isPlain = false)
{
    /// <summary>UTF-16 octets read at a time: as UTF-8 they take at most half as much again, and fit what a reader asks for.</summary>
    private const int Chunk = 16 * 1024;

    private readonly byte[] _head = new byte[4];
    private int _headLength = -1;
    private int _headStart;
    private Stream? _transcoded;

    /// <summary>Reads some octets; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (isPlain)
        {
            return await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        }

        if (_headLength < 0)
        {
            _headLength = await stream.ReadAtLeastAsync(_head, _head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            Detect();
        }

        if (_transcoded is not null)
        {
            return await _transcoded.ReadAsync(destination[..Math.Min(destination.Length, Chunk)], cancellationToken).ConfigureAwait(false);
        }

        return await ReadRawAsync(destination, cancellationToken).ConfigureAwait(false);
    }

    internal async ValueTask<int> ReadRawAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var left = _headLength - _headStart;
        if (left == 0)
        {
            return await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        }

        var taken = Math.Min(left, destination.Length);
        _head.AsSpan(_headStart, taken).CopyTo(destination.Span);
        _headStart += taken;
        return taken;
    }

    private void Detect()
    {
        var head = _head.AsSpan(0, _headLength);
        var encoding = head switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            [not 0, 0, not 0, 0] => Encoding.Unicode,
            [0, not 0, 0, not 0] => Encoding.BigEndianUnicode,
            _ => null,
        };
        _headStart = head switch
        {
            [0xEF, 0xBB, 0xBF, ..] => 3,
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => 2,
            _ => 0,
        };
        _transcoded = encoding is null ? null : Encoding.CreateTranscodingStream(new Rest(this), encoding, Encoding.UTF8, leaveOpen: true);
    }

    /// <summary>The stream with the octets looked at put back in front.</summary>
    private sealed class Rest(CsvSource source) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => source.ReadRawAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

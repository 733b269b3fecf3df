namespace Strowger.Server.Tests.Http;

/// <summary>The same octets over and over, up to a length: a large body that takes no memory.</summary>
internal sealed class RepeatedBytes(byte[] block, long length) : Stream
{
    private long _position;

    public RepeatedBytes(byte value, long length)
        : this([value], length)
    {
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - _position);
        var written = 0;
        while (written < count)
        {
            var from = block.AsSpan((int)((_position + written) % block.Length));
            var taken = Math.Min(from.Length, count - written);
            from[..taken].CopyTo(buffer[written..]);
            written += taken;
        }

        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using System.IO.Pipelines;
using System.Text;
using Strowger.Features.Messaging;

namespace Strowger.Features.Tests.Messaging;

[Collection(Alone.Name)]
public sealed class BatchLineReaderTests
{
    private static readonly string s_long = "{\"text\":\"" + new string('x', MessageLimits.MaxLine) + "\"}";

    [Theory]
    [InlineData("", "")]
    [InlineData(" \r\n \n", "")]
    [InlineData("{\"a\":1}", "1:{\"a\":1}")]
    [InlineData("{\"a\":1}\n", "1:{\"a\":1}")]
    [InlineData("\uFEFF{\"a\":1}\r\n\r\n  \n {\"b\":2} \r\n{}", "1:{\"a\":1} 4:{\"b\":2} 5:{}")]
    [InlineData("\n\n{}\nx\n", "3:{} 4:x")]
    [InlineData("[]", "")]
    [InlineData(" \n[ ] \n", "")]
    [InlineData("\uFEFF[{}]", "1:{}")]
    [InlineData("[{\"a\":[1,2,{}]},\n {\"b\":\"],[\\\"}\"} ]\r\n", "1:{\"a\":[1,2,{}]} 2:{\"b\":\"],[\\\"}\"}")]
    [InlineData("[1,,2]", "1:1 2:Empty 3:2")]
    [InlineData("[1,]", "1:1 2:Empty")]
    [InlineData("[,]", "1:Empty 2:Empty")]
    [InlineData("[1,2", "1:1 2:Unterminated")]
    [InlineData("[", "1:Unterminated")]
    [InlineData("[{\"a\":\"", "1:Unterminated")]
    [InlineData("[1] x [2]", "1:1 2:TrailingData")]
    [InlineData("[] ]", "1:TrailingData")]
    [InlineData("[}},1]", "1:}} 2:1")]
    [InlineData("\\", "1:\\")]
    public async Task Lines_and_elements_come_out_however_they_are_cut(string input, string expected)
    {
        var octets = Encoding.UTF8.GetBytes(input);
        foreach (var size in (int[])[1, 2, 3, 5, 7, 4096])
        {
            Assert.Equal(expected, await ReadAllAsync(octets, () => size));
        }
    }

    [Fact]
    public async Task A_line_too_long_is_passed_over_and_told()
    {
        var exact = "\"" + new string('y', MessageLimits.MaxLine - 2) + "\"";
        foreach (var size in (int[])[1000, 4096, 70_000, 1_000_000])
        {
            Assert.Equal(
                $"1:{{}} 2:TooLong 3:{exact} 4:TooLong",
                await ReadAllAsync(Encoding.UTF8.GetBytes($"{{}}\r\n{s_long}\r\n{exact}\r\n{s_long}"), () => size, 4096));
            Assert.Equal(
                $"1:{{}} 2:TooLong 3:{exact} 4:TooLong 5:1",
                await ReadAllAsync(Encoding.UTF8.GetBytes($"[{{}},{s_long},{exact},{s_long},1]"), () => size, 4096));
            Assert.Equal("1:TooLong", await ReadAllAsync(Encoding.UTF8.GetBytes($"[{s_long}]"), () => size, 4096));
            Assert.Equal("1:TooLong 2:Unterminated", await ReadAllAsync(Encoding.UTF8.GetBytes($"[{s_long}"), () => size, 4096));
        }
    }

    [Fact]
    public void An_endless_line_takes_no_memory()
    {
        var megabyte = new byte[1 << 20];
        Array.Fill(megabyte, (byte)'x');
        var pipe = PipeReader.Create(new Endless(megabyte, 64), new StreamPipeReaderOptions(bufferSize: 32 * 1024));
        var reader = new BatchLineReader(pipe);

        // This thread's own: other tests run beside it. The stream answers at once, so nothing leaves the thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var lines = 0;
        while (Now(reader.ReadAsync(TestContext.Current.CancellationToken)))
        {
            while (reader.TryNext(out var line))
            {
                Assert.Equal(BatchProblem.TooLong, line.Problem);
                lines++;
            }
        }

        Assert.Equal(1, lines);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private static bool Now(ValueTask<bool> read)
    {
        Assert.True(read.IsCompleted);
        return read.GetAwaiter().GetResult();
    }

    [Fact]
    public async Task Random_input_gives_the_same_in_one_piece_as_in_many()
    {
        var random = new Random(3);
        var alphabet = "{}[],\"\\ \r\n:1ax\uFEFF"u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(0, 40)];
            for (var j = 0; j < octets.Length; j++)
            {
                octets[j] = alphabet[random.Next(alphabet.Length)];
            }

            if (i % 3 == 0 && octets.Length > 0)
            {
                octets[0] = (byte)'[';
            }

            Assert.Equal(await ReadAllAsync(octets, () => 100), await ReadAllAsync(octets, () => random.Next(1, 6)));
        }
    }

    private static async Task<string> ReadAllAsync(byte[] octets, Func<int> size, int segment = 16)
    {
        var pipe = PipeReader.Create(new Pieces(octets, size), new StreamPipeReaderOptions(bufferSize: segment, minimumReadSize: 1));
        var reader = new BatchLineReader(pipe);
        var all = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            while (reader.TryNext(out var line))
            {
                all.Add($"{line.Number}:{(line.Problem == BatchProblem.None ? Encoding.UTF8.GetString(line.Json) : line.Problem.ToString())}");
            }
        }

        await pipe.CompleteAsync();
        return string.Join(' ', all);
    }

    private sealed class Endless(byte[] block, int times) : Stream
    {
        private long _left = (long)block.Length * times;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var n = (int)Math.Min(Math.Min(buffer.Length, block.Length), _left);
            block.AsSpan(0, n).CopyTo(buffer.Span);
            _left -= n;
            return new(n);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

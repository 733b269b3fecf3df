using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Strowger.Server.Tests.Http;

[Collection(Alone.Name)]
public sealed class BatchMemoryTests
{
    [Fact]
    public async Task A_large_batch_streams_through_in_bounded_memory()
    {
        // Beside it what is there once, buffers of the journal above all, counts little.
        const long Length = 160 << 20;
        await using var server = await ServerFixture.StartAsync();
        var line = Encoding.UTF8.GetBytes($$"""{"to":"+46701234567","from":"12345","text":"{{new string('x', 1_000)}}","priority":"bulk"}""" + "\n");
        var count = Length / line.Length;
        using var content = new StreamContent(new RepeatedBytes(line, count * line.Length));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages/batch") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var answer = await ServerFixture.ReadAsync(await server.Client.SendAsync(request), HttpStatusCode.Accepted);

        Assert.Equal(count, answer.GetProperty("accepted").GetInt64());
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} texts, {grown >> 20} MiB more");
        Assert.True(grown < Length / 4 * 3, $"{grown >> 20} MiB more");
    }
}

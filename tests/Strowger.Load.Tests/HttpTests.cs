using System.Net;
using System.Net.Sockets;
using System.Text;
using Strowger.Load.Http;

namespace Strowger.Load.Tests;

public sealed class HttpTests
{
    [Fact]
    public void A_response_is_found_however_it_is_cut()
    {
        var bytes = Encoding.ASCII.GetBytes("HTTP/1.1 202 Accepted\r\nServer: x\r\ncontent-LENGTH:  5\r\n\r\nhello");
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(0, ResponseReader.Length(bytes.AsSpan(0, i), out _, out _));
        }

        Assert.Equal(bytes.Length, ResponseReader.Length(bytes, out var status, out var body));
        Assert.Equal(202, status);
        Assert.Equal("hello", Encoding.ASCII.GetString(body));
    }

    [Theory]
    [InlineData("HTTP/1.1 2x2 Accepted\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    public void What_cannot_be_followed_is_told(string response) =>
        Assert.Equal(-1, ResponseReader.Length(Encoding.ASCII.GetBytes(response), out _, out _));

    [Fact]
    public void Numbers_are_written_in_place()
    {
        var template = new RequestTemplate("a~~~b~~~~~c");
        var to = new byte[template.Length];
        Assert.Equal(11, template.Write(12_345, to));
        Assert.Equal("a345b12345c", Encoding.ASCII.GetString(to));
        template.Write(7, to);
        Assert.Equal("a007b00007c", Encoding.ASCII.GetString(to));
    }

    [Fact]
    public async Task A_load_sends_each_number_once_over_its_connections()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        var server = ServeAsync(listener, seen);
        using (var load = new HttpLoad(new HttpLoadOptions
        {
            Server = (IPEndPoint)listener.LocalEndpoint, Template = new RequestTemplate("GET /~~~~ HTTP/1.1\r\n\r\n"), Connections = 3, First = 100, Count = 50,
        }))
        {
            var result = await load.RunAsync(TestContext.Current.CancellationToken);
            Assert.Equal(49, result.Answered);
            Assert.Equal(1, result.Refused);
            Assert.Equal("429: full", result.FirstRefusal);
            Assert.Equal(49, result.Latency.Count);
        }

        await server;
        Assert.Equal(Enumerable.Range(100, 50).Select(n => $"/{n:D4}"), seen.Order());
    }

    [Fact]
    public async Task A_paced_load_keeps_its_pace_and_ends_in_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        var server = ServeAsync(listener, seen);
        using (var load = new HttpLoad(new HttpLoadOptions
        {
            Server = (IPEndPoint)listener.LocalEndpoint, Template = new RequestTemplate("GET /~~~~ HTTP/1.1\r\n\r\n"), Connections = 3, First = 1000,
            Rate = 200, Duration = TimeSpan.FromMilliseconds(100),
        }))
        {
            var result = await load.RunAsync(TestContext.Current.CancellationToken);
            Assert.InRange(result.Answered, 1, 20);
        }

        await server;
    }

    /// <summary>Answers 202, and once 429.</summary>
    private static async Task ServeAsync(TcpListener listener, System.Collections.Concurrent.ConcurrentBag<string> seen)
    {
        var connections = new List<Task>();
        for (var i = 0; i < 3; i++)
        {
            connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(), seen));
        }

        await Task.WhenAll(connections);
    }

    private static async Task ServeAsync(TcpClient client, System.Collections.Concurrent.ConcurrentBag<string> seen)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream());
            try
            {
                while (await reader.ReadLineAsync() is { } line)
                {
                    await reader.ReadLineAsync();
                    var path = line.Split(' ')[1];
                    seen.Add(path);
                    var answer = path == "/0117" ? "HTTP/1.1 429 No\r\nContent-Length: 4\r\n\r\nfull" : "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
                }
            }
            catch (IOException)
            {
                // The load has gone.
            }
        }
    }
}

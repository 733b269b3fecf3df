using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using Strowger.Features.Messaging;

namespace Strowger.Server.Demo;

/// <summary>A subscriber file as one batch of bulk texts, streamed.</summary>
internal static class DemoCampaign
{
    private const string Text = "Hello {name}, the market opens at nine on Saturday. Bring a friend! #{token}";

    /// <summary>Returns how many texts are safe on disk.</summary>
    public static async Task<long> SendAsync(DemoApi api, string csv, string campaign, CancellationToken cancel)
    {
        await using var file = File.OpenRead(csv);
        using var content = new CsvContent(file, campaign);
        return await api.BatchAsync(content, cancel).ConfigureAwait(false);
    }

    private sealed class CsvContent(Stream file, string campaign) : HttpContent
    {
        private const int FlushBytes = 64 * 1024;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Headers.ContentType = new("application/x-ndjson");
            var reader = new CsvReader(file);
            await reader.ReadHeaderAsync(CancellationToken.None).ConfigureAwait(false);
            var to = reader.Find("to");
            var hasToken = reader.Find("token") >= 0;
            var template = Template.Parse(hasToken ? Text : Text.Replace(" #{token}", string.Empty, StringComparison.Ordinal), reader.Columns, out var problem)
                ?? throw new IOException(problem);
            var buffer = new ArrayBufferWriter<byte>(FlushBytes * 2);
            var text = new ArrayBufferWriter<byte>();
            while (await reader.ReadRowAsync(CancellationToken.None).ConfigureAwait(false))
            {
                text.ResetWrittenCount();
                template.Render(reader, text);
                WriteLine(buffer, reader[to], text.WrittenSpan);
                if (buffer.WrittenCount >= FlushBytes)
                {
                    await stream.WriteAsync(buffer.WrittenMemory).ConfigureAwait(false);
                    buffer.ResetWrittenCount();
                }
            }

            await stream.WriteAsync(buffer.WrittenMemory).ConfigureAwait(false);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private void WriteLine(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> to, ReadOnlySpan<byte> text)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("to"u8, to);
                json.WriteString("from"u8, "Market"u8);
                json.WriteString("text"u8, text);
                json.WriteString("priority"u8, "bulk"u8);
                json.WriteString("campaign"u8, campaign);
                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }
    }
}

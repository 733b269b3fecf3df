using System.Net;

namespace Strowger.SystemTests.Kills;

/// <summary>A body that comes in two halves, the second a little later: so that a kill can fall in between.</summary>
internal sealed class HalvedContent(byte[] body, int half, Action onHalf, TimeSpan pause) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(body.AsMemory(0, half));
        await stream.FlushAsync();
        onHalf();
        await Task.Delay(pause);
        await stream.WriteAsync(body.AsMemory(half));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

using Microsoft.AspNetCore.Http;

namespace Strowger.Server.ConsolePage;

/// <summary>The three buttons. One press at a time each: pressing twice is told so, not done twice.</summary>
internal sealed class DemoActions(DemoControls demo, LiveFeed feed)
{
    private static readonly TimeSpan _farewell = TimeSpan.FromMilliseconds(100);

    private int _sending;
    private int _breaking;
    private int _killing;

    public async Task SendAsync(HttpContext context)
    {
        if (Interlocked.Exchange(ref _sending, 1) == 1)
        {
            await AnswerAsync(context, StatusCodes.Status409Conflict, "Still sending the last ones.");
            return;
        }

        try
        {
            await DoAsync(context, demo.SendMore);
        }
        finally
        {
            Volatile.Write(ref _sending, 0);
        }
    }

    public async Task BreakAsync(HttpContext context)
    {
        if (Interlocked.Exchange(ref _breaking, 1) == 1)
        {
            await AnswerAsync(context, StatusCodes.Status409Conflict, "It is being broken already.");
            return;
        }

        try
        {
            await DoAsync(context, demo.BreakCarrier);
        }
        finally
        {
            Volatile.Write(ref _breaking, 0);
        }
    }

    public async Task KillAsync(HttpContext context)
    {
        if (Interlocked.Exchange(ref _killing, 1) == 1)
        {
            return;
        }

        context.Response.OnCompleted(async () =>
        {
            // Completed means handed to the socket's loop: it still has to get out.
            await Task.Delay(_farewell, feed.Time);
            demo.Kill();
        });
        await AnswerAsync(context, StatusCodes.Status202Accepted, "kill -9 to the server. It is gone in the middle of its work.");
    }

    private async Task DoAsync(HttpContext context, Func<CancellationToken, Task<string>> act)
    {
        // Not ended by a closed tab: half an action would be a riddle.
        var said = await act(CancellationToken.None);
        feed.Tell(Tone.Attention, said);
        await AnswerAsync(context, StatusCodes.Status200OK, said);
    }

    private static Task AnswerAsync(HttpContext context, int status, string said)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new DemoAnswer(said), LiveJson.Default.DemoAnswer, cancellationToken: context.RequestAborted);
    }
}

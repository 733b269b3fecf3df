using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Strowger.Features.Access;
using Strowger.Server.Backup;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Backup;

/// <summary>
/// <c>POST /v1/backups</c>: holds all history as long as the answer is read, for a backup that copies the files beside the server. A
/// line of JSON now and then says up to where the journal is on the disk.
/// </summary>
internal sealed class BackupEndpoint(HttpServices services)
{
    private int _open;

    public IEnumerable<ApiRoute> Routes => [new("POST", "/v1/backups", Rights.All, HoldAsync)];

    private async Task HoldAsync(HttpContext context, Caller caller)
    {
        if (Interlocked.Increment(ref _open) > BackupLimits.MaxPins)
        {
            Interlocked.Decrement(ref _open);
            await ProblemAnswer.WriteAsync(context, Problem.Of("too_many_backups", $"{BackupLimits.MaxPins} backups are under way. Wait for one to end.") with { RetryAfter = TimeSpan.FromMinutes(1) }).ConfigureAwait(false);
            return;
        }

        try
        {
            // A pin waits for a checkpoint under way, which takes seconds when very much waits.
            using var pin = await Task.Run(services.Engine.PinHistory, context.RequestAborted).ConfigureAwait(false);
            await TellAsync(context).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task TellAsync(HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        using var beat = new PeriodicTimer(BackupLimits.Beat, services.Time);
        context.Response.ContentType = "application/x-ndjson";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            do
            {
                var journal = services.Engine.Journal;
                var line = string.Create(CultureInfo.InvariantCulture, $"{{\"begin\":{journal.Begin},\"durable_end\":{journal.DurableEnd}}}\n");
                await context.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes(line), ended.Token).ConfigureAwait(false);
            }
            while (await beat.WaitForNextTickAsync(ended.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The backup is over, or the server stops.
        }
    }
}

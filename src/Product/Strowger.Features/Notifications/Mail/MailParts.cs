using System.Globalization;
using Strowger.Engine;

namespace Strowger.Features.Notifications.Mail;

/// <summary>Mail out: a queue of its own and the stage that hands it to the server.</summary>
public sealed class MailParts : IAsyncDisposable
{
    /// <summary>The name of the stage that mails. No channel can have it.</summary>
    public const string StageName = "mail:out";

    public const string QueueName = "mail";

    /// <summary>What tells a mail from other jobs in the log.</summary>
    private static readonly byte[] _headers = "ML\u0001"u8.ToArray();

    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(1);

    private readonly JobEngine _engine;
    private readonly MailOptions _options;
    private readonly SmtpClient _smtp;
    private readonly Action<string> _onFailed;
    private readonly StageRunner _runner;

    /// <param name="engine">Holds the queue.</param>
    /// <param name="options">The server.</param>
    /// <param name="onFailed">Told in words of a mail that the server did not take.</param>
    public MailParts(JobEngine engine, MailOptions options, Action<string> onFailed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        _engine = engine;
        _options = options;
        _smtp = new SmtpClient(options);
        _onFailed = onFailed;
        Stage = engine.AddStage(StageOf(options), QueueName);
        _runner = new StageRunner(engine, Stage, SendAsync);
    }

    public Stage Stage { get; }

    /// <summary>Queues a mail; durable when it returns.</summary>
    /// <param name="mail">Its addresses checked by <see cref="MailAddress"/>.</param>
    /// <param name="key">Queued a second time under the same one within a day, it goes out once; 0 none.</param>
    /// <param name="cancel">Ends the wait for the disk.</param>
    /// <returns>False when the queue or the disk is full.</returns>
    public async Task<bool> SendAsync(MailMessage mail, UInt128 key, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(mail);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mail.To.Count, MailMessage.MaxRecipients);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mail.Text.Length, MailMessage.MaxText);
        var result = await EnqueueAsync(mail.ToBytes(), key, cancel).ConfigureAwait(false);
        return result.IsAccepted || result.Status == EnqueueStatus.InProgress;
    }

    public async ValueTask DisposeAsync()
    {
        using (var deadline = new CancellationTokenSource(_drain, _engine.Time))
        {
            await _runner.StopAsync(deadline.Token).ConfigureAwait(false);
        }

        await _runner.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask<EnqueueResult> EnqueueAsync(byte[] body, UInt128 key, CancellationToken cancel) => _engine.EnqueueAsync(
        new NewJob { Flow = _engine.Flow(QueueName, Lane.Normal, string.Empty), Headers = _headers, Body = body, UniqueKey = key }, cancel);

    private async ValueTask<Outcome> SendAsync(Job job, CancellationToken cancel)
    {
        if (MailMessage.Parse(job.Body.Span) is not { } mail)
        {
            return Outcome.Permanent(MailCodes.Unreadable);
        }

        var made = DateTimeOffset.FromUnixTimeMilliseconds(job.AcceptedMs);
        var domain = _options.From[(_options.From.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var id = string.Create(CultureInfo.InvariantCulture, $"strowger.{job.Id.Value}.{job.AcceptedMs}@{domain}");
        var result = await _smtp.SendAsync(mail.To, MimeText.Write(mail, _options.From, id, made), cancel).ConfigureAwait(false);
        if (result.Outcome == SmtpOutcome.Taken)
        {
            return Outcome.Done();
        }

        _onFailed(result.Detail);
        var code = result.Code == 0 ? MailCodes.NoConnection : MailCodes.Of(result.Code);
        var isOver = result.Outcome == SmtpOutcome.Refused || _engine.Time.GetUtcNow() - made > _options.Life;
        return isOver ? Outcome.Permanent(code) : Outcome.Retry(code);
    }

    private static StageOptions StageOf(MailOptions options) => new()
    {
        Name = StageName,
        Width = options.Width,
        UrgentSlots = 0,
        MaxAttempts = 255,
        MaxResends = 255,
        Backoff = new Backoff(options.FirstRetry, options.LastRetry),
        UnsureGrace = TimeSpan.FromSeconds(1),

        // A mail is some ten commands; each has its own limit.
        TimeLimit = TimeSpan.FromMinutes(10),
        BreakerFailures = 0,
    };
}

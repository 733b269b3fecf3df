namespace Strowger.Features.Jobs;

/// <summary>Bounds of jobs from outside, each with the reason for its number.</summary>
public static class JobLimits
{
    /// <summary>Queues made by naming them: each is a stage. More kinds of work than a thousand are flows of a queue.</summary>
    public const int MaxQueues = 1000;

    /// <summary>Characters of a queue's name: with its prefix it is the name of a setting.</summary>
    public const int MaxQueueName = 50;

    /// <summary>Characters of a flow's name: a customer, a campaign, a host.</summary>
    public const int MaxFlowName = 60;

    /// <summary>Characters of a unique key, as of an Idempotency-Key.</summary>
    public const int MaxUniqueKey = 255;

    /// <summary>Headers of one job.</summary>
    public const int MaxHeaders = 32;

    /// <summary>Octets of all headers of a job as JSON: they are read with each hand-out.</summary>
    public const int MaxHeaderBytes = 2048;

    /// <summary>Octets of a job's request: what is longer belongs in a file or an object that the job names.</summary>
    public const int MaxRequestBytes = 64 * 1024;

    /// <summary>Jobs of one call, made durable together.</summary>
    public const int MaxBatch = 10_000;

    /// <summary>Octets of one call with many jobs.</summary>
    public const int MaxBatchBytes = 16 << 20;

    /// <summary>Octets of a result as JSON: it stands in the job's history.</summary>
    public const int MaxResultBytes = 16 * 1024;

    /// <summary>Octets of a progress as JSON: one stands in the history for each touch.</summary>
    public const int MaxProgressBytes = 1024;

    /// <summary>Characters of an error: its first lines say what happened.</summary>
    public const int MaxError = 1000;

    /// <summary>Jobs of one lease call: 100 requests of 64 KiB are an answer of 6 MiB.</summary>
    public const int MaxLeases = 100;

    /// <summary>Jobs acknowledged by one call: ten lease calls' worth, made durable together.</summary>
    public const int MaxReports = 1000;

    /// <summary>Jobs given up that one call puts back: each is read and written anew, all within a second or two.</summary>
    public const int MaxRequeue = 1000;

    /// <summary>Jobs in hand at once of a queue that was told nothing else.</summary>
    public const int DefaultWidth = 10_000;

    /// <summary>Attempts of a job that was told nothing else: with the default backoff some three hours.</summary>
    public const int DefaultMaxAttempts = 20;

    /// <summary>Shorter ones end while the answer is on its way.</summary>
    public static readonly TimeSpan MinLease = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

    /// <summary>A long poll ends before proxies lose patience (60 s as a rule).</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    /// <summary>Due and expiry at most so far ahead: a year, leap or not.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromDays(366);

    /// <summary>A queue that nobody asked for this long has no worker.</summary>
    public static readonly TimeSpan WorkerGone = TimeSpan.FromMinutes(1);

    /// <summary>What a worker has after our return to say that it is still at it.</summary>
    public static readonly TimeSpan RestartGrace = TimeSpan.FromSeconds(10);
}

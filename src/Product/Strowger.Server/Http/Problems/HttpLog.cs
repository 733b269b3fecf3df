namespace Strowger.Server.Http.Problems;

internal static partial class HttpLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed (request {Request})")]
    public static partial void Failed(ILogger logger, Exception error, string method, string path, string request);

    [LoggerMessage(2, LogLevel.Warning, "Event stream of {Client} is closed: it took nothing for {Seconds} s")]
    public static partial void SlowStream(ILogger logger, string client, int seconds);
}

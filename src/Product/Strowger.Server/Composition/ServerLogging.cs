using Microsoft.Extensions.Logging.Console;
using Strowger.Server.Configuration;

namespace Strowger.Server.Composition;

/// <summary>The log goes to standard error: lines for people, or one JSON object a line.</summary>
internal static class ServerLogging
{
    public static void Configure(ILoggingBuilder logging, LogConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddConsole(o =>
        {
            o.LogToStandardErrorThreshold = LogLevel.Trace;
            o.FormatterName = configuration.IsJson ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        logging.Services.Configure<SimpleConsoleFormatterOptions>(o =>
        {
            o.SingleLine = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            o.UseUtcTimestamp = true;
        });
        logging.Services.Configure<JsonConsoleFormatterOptions>(o =>
        {
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            o.UseUtcTimestamp = true;
        });
        logging.SetMinimumLevel(configuration.Level);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // A port in use is told in one line; the host would put its stack trace before it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}

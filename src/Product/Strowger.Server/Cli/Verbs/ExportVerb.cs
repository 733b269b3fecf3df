using System.CommandLine;
using System.Text;
using Strowger.Records.Settings;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger export settings</c>.</summary>
internal static class ExportVerb
{
    public static Command Create(CliContext context)
    {
        var settings = new Command("settings", "Writes the channels as they are now, with what was changed live, as a configuration file (with passwords)");
        settings.SetAction(parsed =>
        {
            var directory = GlobalOptions.DataDirectory(parsed, context);
            if (!File.Exists(Path.Combine(directory, "settings.db")))
            {
                throw new CliException($"There are no settings in {directory}. Name the data directory with --data DIR.");
            }

            using var store = SettingsStore.Open(directory, context.Time);
            context.Out.Write(ChannelJson.Export(store.Channels.List().Select(Read)));
            return ExitCode.Done;
        });
        return new Command("export", "Writes what Strowger knows into files") { settings };
    }

    private static ChannelConfiguration Read(ChannelRecord record)
    {
        var channel = ChannelJson.Parse(Encoding.UTF8.GetBytes(record.SettingsJson), record.Name, out var problems);
        return channel ?? throw new CliException($"The settings of channel {record.Name} cannot be read: {string.Join("; ", problems)}");
    }
}

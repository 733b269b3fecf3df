using System.CommandLine;
using Strowger.Server.Cli.Kannel;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger import kannel FILE</c>.</summary>
internal static class ImportVerb
{
    public static Command Create(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "kannel.conf; what it includes is read too", HelpName = "FILE" };
        var write = new Option<string?>("--write") { Description = "Writes the configuration there instead of to standard output; the file must not exist", HelpName = "FILE" };
        var kannel = new Command("kannel", "Makes a configuration of Kannel's, and says in words what it understood, what it left out and what to check") { file, write };
        kannel.SetAction(parsed => Run(context, parsed.GetValue(file)!, parsed.GetValue(write)));
        return new Command("import", "Makes a configuration of another program's") { kannel };
    }

    private static int Run(CliContext context, string file, string? write)
    {
        var import = KannelImport.Of(KannelFile.Read(Path.Combine(context.WorkingDirectory, file), file));
        if (import.Problems.Count > 0)
        {
            Say(context, "Nothing was written:", import.Problems);
            return ExitCode.Configuration;
        }

        Say(context, "Understood:", import.Understood);
        Say(context, "Left out:", import.Left);
        Say(context, "To check:", import.Checks);
        var json = KannelJson.Write(import);
        if (write is null)
        {
            context.Out.Write(json);
            return ExitCode.Done;
        }

        Write(Path.Combine(context.WorkingDirectory, write), write, json);
        context.Error.WriteLine($"Written to {write}, with the passwords: only you can read it. Next: strowger serve --config {write}");
        return ExitCode.Done;
    }

    private static void Write(string path, string shown, string json)
    {
        if (File.Exists(path))
        {
            throw new CliException($"{shown} exists already; it is not written over. Name another file.");
        }

        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        stream.Write(System.Text.Encoding.UTF8.GetBytes(json));
    }

    private static void Say(CliContext context, string heading, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        context.Error.WriteLine(heading);
        foreach (var line in lines)
        {
            context.Error.WriteLine("  " + line);
        }
    }
}

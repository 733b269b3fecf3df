using System.CommandLine;
using System.Text.Json.Nodes;
using Strowger.Server.Cli.Doctor;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger doctor</c>.</summary>
internal static class DoctorVerb
{
    public static Command Create(CliContext context)
    {
        var source = new ConfigurationOptions();
        var command = new Command("doctor", "Checks this machine, the configuration and the carriers, and says what to do");
        source.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var findings = new List<Finding>();
            await foreach (var finding in Examination.RunAsync(source.Read(parsed, context), context.Time.GetUtcNow(), ct))
            {
                findings.Add(finding);
                if (!parsed.GetValue(GlobalOptions.Json))
                {
                    Write(context, finding);
                }
            }

            if (parsed.GetValue(GlobalOptions.Json))
            {
                context.Out.WriteLine(new JsonArray([.. findings.Select(finding => finding.ToJson())]).ToJsonString());
            }

            return findings.Exists(finding => finding.Verdict == Verdict.Wrong && finding.What == Examination.Configuration) ? ExitCode.Configuration
                : findings.Exists(finding => finding.Verdict == Verdict.Wrong) ? ExitCode.Failed
                : ExitCode.Done;
        });
        return command;
    }

    private static void Write(CliContext context, Finding finding)
    {
        var sign = finding.Verdict switch { Verdict.Good => "ok   ", Verdict.Doubtful => "hm   ", _ => "WRONG" };
        context.Out.WriteLine($"{sign} {finding.What}: {finding.Detail}");
        if (finding.Advice is not null)
        {
            context.Out.WriteLine($"      -> {finding.Advice}");
        }
    }
}

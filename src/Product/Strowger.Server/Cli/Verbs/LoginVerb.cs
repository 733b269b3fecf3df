using System.CommandLine;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger login</c>.</summary>
internal static class LoginVerb
{
    public static Command Create(CliContext context)
    {
        var command = new Command("login", "Prints a link into the console that works once, for 15 minutes");
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var answer = await api.CallAsync(HttpMethod.Post, "v1/logins", "{}", ct);
            Answer.Write(context, parsed, answer, json =>
            {
                context.Out.WriteLine(json.Text("url"));
                if (api.IsLocal && Uri.TryCreate(json.Text("url"), UriKind.Absolute, out var url) && url.IsLoopback)
                {
                    context.Error.WriteLine($"From another machine, first: ssh -L {url.Port}:127.0.0.1:{url.Port} {Environment.UserName}@{Environment.MachineName}");
                }
            });
            return ExitCode.Done;
        });
        return command;
    }
}

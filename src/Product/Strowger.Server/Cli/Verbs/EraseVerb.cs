using System.CommandLine;
using System.Text.Json.Nodes;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger erase</c>.</summary>
internal static class EraseVerb
{
    /// <summary>50 GiB of history take some eight minutes.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromHours(1);

    public static Command Create(CliContext context)
    {
        var number = new Argument<string>("NUMBER") { Description = "E.164, such as +46701234567" };
        var yes = new Option<bool>("--yes") { Description = "Does not ask" };
        var command = new Command("erase", "Erases one number from everything that is kept: journal, lists, texts received. It cannot be undone") { number, yes };
        command.SetAction(async (parsed, ct) =>
        {
            var which = parsed.GetRequiredValue(number);
            if (!parsed.GetValue(yes))
            {
                context.Error.Write($"Everything about {which} is erased, texts that wait for it are cancelled. 'strowger export number {which}' writes it out before. Erase? [y/N] ");
                if (context.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
                {
                    throw new CliException("Nothing was erased.");
                }
            }

            using var api = ApiClient.Connect(context, parsed).WithPatience(_patience);
            using var answer = await api.CallAsync(HttpMethod.Post, "v1/erasures", new JsonObject { ["number"] = which }.ToJsonString(), ct);
            Answer.Write(context, parsed, answer, json =>
            {
                context.Out.WriteLine($"{json.Text("cancelled")} parts cancelled, {json.Text("records")} records overwritten, {json.Text("messages")} texts sent and {json.Text("received")} received taken out of the lists, {json.Text("rows")} rows of campaigns' files overwritten.");
                if (json.Integer("in_flight") > 0)
                {
                    context.Error.WriteLine($"{json.Text("in_flight")} jobs are in a carrier's or a worker's hands and keep it. Erase again in some minutes.");
                }
            });
            context.Error.WriteLine("Backups made before still have it: take them away when you may ('strowger backup DIR --keep N').");
            return answer.Json.Integer("in_flight") > 0 ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }
}

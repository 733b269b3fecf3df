using System.Text.Json;
using Microsoft.Playwright;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>axe-core (npm) on a page: what keeps people out who read, point or see otherwise.</summary>
internal static class Axe
{
    private static readonly string[] _grave = ["serious", "critical"];

    private static string Script => Path.Combine(StrowgerProgram.Peers, "node_modules", "axe-core", "axe.min.js");

    public static bool IsThere => File.Exists(Script);

    /// <summary>What it finds serious or critical, each with where.</summary>
    public static async Task<IReadOnlyList<string>> LookAsync(IPage page, string what)
    {
        // Evaluated by the driver: the page's own policy lets no foreign script in, which is as it should be.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Script));
        var found = await page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => ({ id: v.id, impact: v.impact, where: v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).slice(0, 4).join(' | ') }))");
        return
        [
            .. found.EnumerateArray().Where(v => _grave.Contains(v.GetProperty("impact").GetString()))
                .Select(v => $"{what}: {v.GetProperty("id")} at {v.GetProperty("where")}"),
        ];
    }
}

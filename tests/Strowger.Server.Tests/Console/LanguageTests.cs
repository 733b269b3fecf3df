using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Strowger.Features.Access;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

/// <summary>What the pages say is known in every language, with the same values in it.</summary>
public sealed partial class LanguageTests
{
    [Fact]
    public void Every_text_of_the_pages_is_translated()
    {
        var missing = Sources().SelectMany(file => Texts(file))
            .Concat(Place.All.SelectMany(p => new[] { p.Name, p.Question }))
            .Concat(Roles.All.Select(r => r.ToText()))
            .Concat(AuditWords.Known)
            .Concat(ChannelForm.Languages.Select(l => l.Name))
            .Concat(Strowger.Features.Messaging.SmppDoor.DoorRefusal.Reasons)
            .Distinct().Where(text => !Language.Spanish.Known.Contains(text)).ToArray();
        Assert.True(missing.Length == 0, string.Join(Environment.NewLine, missing));
    }

    [Fact]
    public void Every_text_of_the_scripts_is_translated()
    {
        var scripts = Path.Combine(Folder(), "Assets");
        var known = Known().Matches(File.ReadAllText(Path.Combine(scripts, "texts.es.js"))).Select(m => m.Groups[1].Value).ToHashSet();
        var missing = Directory.EnumerateFiles(scripts, "*.js").SelectMany(f => Said().Matches(File.ReadAllText(f))).SelectMany(m => Quoted().Matches(m.Value)).Select(m => m.Groups[1].Value).Where(text => !known.Contains(text)).ToArray();
        Assert.True(missing.Length == 0, string.Join(Environment.NewLine, missing));
    }

    [Fact]
    public void A_translation_has_the_values_of_its_original()
    {
        foreach (var text in Language.Spanish.Known)
        {
            Assert.Equal(Places().Matches(text).Select(m => m.Value).Order(), Places().Matches(Language.Spanish[text]).Select(m => m.Value).Order());
        }
    }

    [Fact]
    public void A_sentence_made_elsewhere_is_found_by_its_words_with_the_sentences_within()
    {
        foreach (var (english, spanish) in Language.Load("es", ofErrors: true))
        {
            Assert.Subset(Places().Matches(english).Select(m => m.Value).ToHashSet(), Places().Matches(spanish).Select(m => m.Value).ToHashSet());
        }

        Assert.Equal("línea 7: la fila es más larga que 65536 octetos", Language.Spanish.Told("line 7: the row is longer than 65536 octets"));
        Assert.Equal("port: hay 0; se admiten números de 1 a 65,535.", Language.Spanish.Told("port: found 0; allowed are numbers from 1 to 65,535."));
        Assert.Equal("'}' en el carácter 5 no cierra nada; escriba '}}' para una llave", Language.Spanish.Told("'}' at character 5 closes nothing; write '}}' for a brace"));
        Assert.Equal("97 % de 1200 mensajes entregados en 30 min, antes 99 %", Language.Spanish.Told("97 % of 1200 texts delivered in 30 min, before that 99 %"));
        Assert.Equal("el canal está caído: Connection refused", Language.Spanish.Told("the channel is down: Connection refused"));
        Assert.Equal("The carrier's own words.", Language.Spanish.Told("The carrier's own words."));
        Assert.Equal("line 7: the row is longer than 65536 octets", Language.English.Told("line 7: the row is longer than 65536 octets"));
    }

    [Fact]
    public void The_reasons_of_jobs_and_messages_are_known()
    {
        var features = Path.Combine(Folder(), "../../Strowger.Features");
        var unknown = new[] { "Jobs/JobReasons.cs", "Messaging/Statuses/Reasons.cs" }
            .SelectMany(file => Sentences().Matches(File.ReadAllText(Path.Combine(features, file)))).Select(m => Held().Replace(m.Groups[1].Value, "7"))
            .Distinct().Where(text => Language.Spanish.Told(text) == text).ToArray();
        Assert.True(unknown.Length == 0, string.Join(Environment.NewLine, unknown));
    }

    [Fact]
    public void Numbers_are_written_in_each_languages_way()
    {
        Assert.Equal("4,975", Language.English.Count(4975));
        Assert.Equal("4\u202f975", Language.Spanish.Count(4975));
        Assert.Equal("24,6 por segundo", Language.Spanish.PerSecond(24.6));
        Assert.Equal("99.5 %", Language.English.Percent(0.995));
    }

    private static IEnumerable<string> Texts(string file) =>
        Wanted().Matches(File.ReadAllText(file)).Select(m => Regex.Unescape(m.Groups[1].Value).Trim());

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Folder(), "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal));

    private static string Folder([CallerFilePath] string here = "")
    {
        var console = Path.Combine(Path.GetDirectoryName(here)!, "../../../src/Product/Strowger.Server/Console");
        Assert.SkipWhen(!Directory.Exists(console), "The sources are not here.");
        return console;
    }

    [GeneratedRegex("""\b(?:[tT]|this)\["((?:[^"\\]|\\.)+)"[\],]""")]
    private static partial Regex Wanted();

    /// <summary>The first argument: a text, or a choice between two.</summary>
    [GeneratedRegex("""\bsay\((?:[^"(),]*\? )?"[^"]+"(?: : "[^"]+")?""")]
    private static partial Regex Said();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    /// <summary>A literal that ends as a sentence does.</summary>
    [GeneratedRegex(@"""([^""\\\n]+ [^""\\\n]+\.)""")]
    private static partial Regex Sentences();

    /// <summary>A value in a literal.</summary>
    [GeneratedRegex(@"\{[^{}]+\}")]
    private static partial Regex Held();

    [GeneratedRegex("^  \"([^\"]+)\": ", RegexOptions.Multiline)]
    private static partial Regex Known();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Places();
}

using System.Text;

namespace Strowger.Server.Cli.Kannel;

/// <summary>Reads kannel.conf as Kannel does: stanzas between blank lines, <c>#</c> comments, <c>include</c> of a file or directory, a backslash at the end of a line that goes on.</summary>
internal sealed class KannelFile
{
    /// <summary>Octets of one file; real ones have some tens of kilobytes.</summary>
    private const int MaxBytes = 4 << 20;

    /// <summary>Files in all.</summary>
    private const int MaxFiles = 200;

    private readonly List<string> _problems = [];
    private readonly List<KannelGroup> _groups = [];
    private readonly List<string> _open = [];
    private readonly List<KannelLine> _stanza = [];
    private int _files;

    public IReadOnlyList<KannelGroup> Groups => _groups;

    /// <summary>Each begins with file and line.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public static KannelFile Read(string path, string shownAs)
    {
        var file = new KannelFile();
        file.ReadFile(path, shownAs, shownAs);
        file.EndStanza();
        return file;
    }

    private void ReadFile(string path, string shownAs, string from)
    {
        var full = Path.GetFullPath(path);
        if (_open.Contains(full))
        {
            _problems.Add($"{from}: {shownAs} includes itself");
            return;
        }

        if (++_files > MaxFiles)
        {
            _problems.Add($"{from}: more than {MaxFiles} files are included");
            return;
        }

        string text;
        try
        {
            if (new FileInfo(full).Length > MaxBytes)
            {
                _problems.Add($"{from}: {shownAs} has more than 4 MiB");
                return;
            }

            // Octets as they are: a password may be in any charset.
            text = Decode(File.ReadAllBytes(full));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{from}: {shownAs} cannot be read: {error.Message}");
            return;
        }

        _open.Add(full);
        ReadLines(text, full, shownAs);
        _open.RemoveAt(_open.Count - 1);
    }

    private void ReadLines(string text, string path, string shownAs)
    {
        var number = 0;
        var begun = 0;
        var whole = new StringBuilder();
        foreach (var raw in text.Split('\n'))
        {
            number++;
            begun = whole.Length == 0 ? number : begun;
            var line = raw.TrimEnd('\r');
            if (line.EndsWith('\\'))
            {
                whole.Append(line, 0, line.Length - 1);
                continue;
            }

            var logical = whole.Append(line).ToString().Trim();
            whole.Clear();
            Take(logical, path, shownAs, begun);
        }
    }

    private void Take(string line, string path, string shownAs, int number)
    {
        if (line.Length == 0)
        {
            EndStanza();
            return;
        }

        if (line[0] == '#')
        {
            return;
        }

        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var place = $"{shownAs}:{number}";
        if (equals <= 0)
        {
            _problems.Add($"{place}: there is no 'name = value' in this line");
            return;
        }

        var (name, value) = (line[..equals].Trim(), Unquote(line[(equals + 1)..].Trim()));
        if (name != "include")
        {
            _stanza.Add(new KannelLine(name, value, shownAs, number));
            return;
        }

        Include(value, path, shownAs, place);
    }

    private void Include(string value, string path, string shownAs, string place)
    {
        var below = Path.Combine(Path.GetDirectoryName(path)!, value);
        var shown = Path.Combine(Path.GetDirectoryName(shownAs) ?? "", value);
        if (!Directory.Exists(below))
        {
            ReadFile(below, shown, place);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(below).Order(StringComparer.Ordinal))
        {
            ReadFile(file, Path.Combine(shown, Path.GetFileName(file)), place);
        }
    }

    private void EndStanza()
    {
        if (_stanza.Count == 0)
        {
            return;
        }

        var named = _stanza.FindLast(line => line.Name == "group");
        if (named is null)
        {
            _problems.Add($"{_stanza[0].Place}: this stanza does not say which group it is ('group = ...'); a blank line ends a stanza");
        }
        else
        {
            _groups.Add(new KannelGroup(named.Value, named, [.. _stanza]));
        }

        _stanza.Clear();
    }

    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"')
        {
            return value;
        }

        var plain = new StringBuilder();
        for (var i = 1; i < value.Length - 1; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length - 1 && value[i + 1] is ('\\' or '"'))
            {
                i++;
            }

            plain.Append(value[i]);
        }

        return plain.ToString();
    }

    private static string Decode(byte[] octets)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(octets).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(octets);
        }
    }
}

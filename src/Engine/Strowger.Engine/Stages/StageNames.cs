namespace Strowger.Engine;

/// <summary>Numbers of stages in the journal, by name; a name keeps its number for good.</summary>
internal sealed class StageNames
{
    private readonly List<string> _names = [string.Empty];

    public int Count => _names.Count;

    public string this[int number] => number > 0 && number < _names.Count ? _names[number] : string.Empty;

    public ushort Find(string name) => (ushort)Math.Max(0, _names.IndexOf(name));

    public void Add(int number, string name)
    {
        while (_names.Count <= number)
        {
            _names.Add(string.Empty);
        }

        _names[number] = name;
    }
}

namespace Strowger.SystemTests.Harness;

/// <summary>The program as it was built beside these tests, in the same configuration.</summary>
internal static class StrowgerProgram
{
    private static readonly string _root = FindRoot();

    /// <summary>The repository.</summary>
    public static string Root => _root;

    /// <summary>Programs of others that the tests start, with the npm packages they need.</summary>
    public static string Peers => Path.Combine(_root, "tests", "peers");

    public static string Dll { get; } = FindDll();

    /// <summary>What runs it.</summary>
    public static string Host =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Strowger.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException($"Strowger.slnx is nowhere above {AppContext.BaseDirectory}.");
    }

    /// <summary>tests/Strowger.SystemTests/bin/CONFIGURATION/FRAMEWORK/ leads to the same of the server.</summary>
    private static string FindDll()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(_root, "src", "Product", "Strowger.Server", "bin", framework.Parent!.Name, framework.Name, "strowger.dll");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: build the solution first.");
    }
}

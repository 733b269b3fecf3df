namespace Strowger.Server.Cli;

/// <summary>What a command ends with.</summary>
public static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>EX_CONFIG of sysexits.h.</summary>
    public const int Configuration = Server.Configuration.ConfigurationLoader.ExitCode;
}

using System.Reflection;

namespace Portico.Cli;

internal static class AppVersion
{
    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Number { get; } = WithoutBuild(
        typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    public static string Text => $"portico {Number}";

    /// <summary>Drops what follows a <c>+</c>: the commit that a build was made from.</summary>
    public static string WithoutBuild(string version) => version.Split('+')[0];
}

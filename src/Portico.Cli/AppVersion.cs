using System.Reflection;

namespace Portico.Cli;

internal static class AppVersion
{
    /// <summary>The version, for example <c>0.1.0</c>.</summary>
    public static string Number { get; } = WithoutBuild(
        typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    public static string Text => $"portico {Number}";

    /// <summary>Removes the <c>+</c> and the commit that follows it.</summary>
    public static string WithoutBuild(string version) => version.Split('+')[0];
}

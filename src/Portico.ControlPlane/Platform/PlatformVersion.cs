using System.Reflection;

namespace Portico.ControlPlane.Platform;

internal static class PlatformVersion
{
    /// <summary>The version, for example <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(PlatformVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}

namespace Portico.Core.Detection.Node;

/// <summary>Recognizes an app with a <c>package.json</c>.</summary>
internal static class NodeDetector
{
    /// <summary>What is built for devices and not for a server.</summary>
    private static readonly string[] Devices = ["expo", "react-native", "electron", "@tauri-apps/cli"];

    /// <returns>Null if the directory has no app that a platform can run.</returns>
    public static ServiceProposal? Detect(NodeApp app)
    {
        if (app.Package.FirstNeeded(Devices) is not null && !app.Package.Has("next"))
            return null;
        return FullStack(app) ?? NestFramework.Detect(app) ?? AngularFramework.Detect(app) ?? SiteGenerators.Detect(app)
            ?? ServerFrameworks.Detect(app) ?? ViteFramework.Detect(app) ?? (app.IsWorkspace ? null : ServerFrameworks.DetectAny(app));
    }

    /// <summary>Recognizes the frameworks that answer requests themselves, which no file of another language outweighs.</summary>
    public static ServiceProposal? FullStack(NodeApp app) => app.IsWorkspace && app.Package.Script("build") is null ? null : NextFramework.Detect(app) ?? NuxtFramework.Detect(app) ?? SvelteKitFramework.Detect(app)
        ?? ReactRouterFramework.Detect(app) ?? AstroFramework.Detect(app) ?? NitroFrameworks.Detect(app);
}

namespace Portico.Core.Detection.Node;

/// <summary>NestJS.</summary>
internal static class NestFramework
{
    public static ServiceProposal? Detect(NodeApp app) => app.Package.Has("@nestjs/core")
        ? app.Server("NestJS", "package.json has the dependency @nestjs/core", app.Start() ?? app.RunFile("dist/main", "nest build writes this file")) with
        {
            HealthCheckPath = ServerFrameworks.HealthCheck(app.Directory, "src/main.ts"),
        }
        : null;
}

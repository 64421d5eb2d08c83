namespace Portico.Core.Detection.Node;

/// <summary>Frameworks that are built to a server by Nitro: TanStack Start and SolidStart.</summary>
internal static class NitroFrameworks
{
    private static readonly (string Package, string Name)[] Known =
        [("@tanstack/react-start", "TanStack Start"), ("@tanstack/solid-start", "TanStack Start"), ("@tanstack/start", "TanStack Start"), ("@solidjs/start", "SolidStart")];

    public static ServiceProposal? Detect(NodeApp app)
    {
        var (package, name) = Known.FirstOrDefault(item => app.Package.Has(item.Package));
        if (package is null)
            return null;
        var start = app.Start() ?? app.RunFile(".output/server/index.mjs", "the build writes this file, and it listens on the port in PORT");
        return app.Server(name, $"package.json has the dependency {package}", start);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Platform;
using Portico.Core.DataStores;
using ProtocolTool = ModelContextProtocol.Protocol.Tool;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>The tools in terms of the protocol's library.</summary>
internal static class McpProtocol
{
    public static void AddTo(IServiceCollection services) =>
        services.AddMcpServer(options => options.ServerInfo = new Implementation { Name = "portico", Version = PlatformVersion.Text })
            // Any server answers any request: nothing is lost with a session when the server restarts.
            .WithHttpTransport(options => options.Stateless = true)
            .WithListToolsHandler(static (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. Tools.All.Select(Describe)] }))
            .WithCallToolHandler(CallAsync);

    private static ProtocolTool Describe(Tool tool) => new()
    {
        Name = tool.Name,
        Description = tool.Description,
        InputSchema = ToolParameter.SchemaOf(tool.Parameters),
        Annotations = new ToolAnnotations
        {
            Title = tool.Title,
            ReadOnlyHint = tool.Kind == ToolKind.Read,
            DestructiveHint = tool.Kind == ToolKind.Change,
            IdempotentHint = tool.Kind == ToolKind.Read,
            OpenWorldHint = false,
        },
    };

    private static async ValueTask<CallToolResult> CallAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var name = request.Params?.Name;
        if (Tools.All.FirstOrDefault(tool => tool.Name == name) is not { } tool)
            return Failed($"Unknown tool '{name}'.");
        var context = request.Services!.GetRequiredService<IHttpContextAccessor>().HttpContext!;
        var api = new OwnApi(
            context.RequestServices.GetRequiredService<OwnApiConnection>().Http, context.Request.Headers.Authorization, cancellationToken);
        var arguments = request.Params!.Arguments is { } given ? new Dictionary<string, System.Text.Json.JsonElement>(given) : [];
        try
        {
            var unknown = arguments.Keys.Except(tool.Parameters.Select(parameter => parameter.Name)).ToList();
            if (unknown.Count > 0)
                return Failed($"{unknown[0]}: unknown argument.");
            var call = new ToolCall(
                arguments, api, context.Features.Get<Caller>()!.UserId, context.RequestServices.GetRequiredService<SelectedWorkspaces>(),
                context.RequestServices.GetRequiredService<QueryPostgres>(), cancellationToken);
            await call.RequireWorkspaceAsync();
            return new CallToolResult { Content = [new TextContentBlock { Text = await tool.Run(call) }] };
        }
        catch (ToolException exception)
        {
            return Failed(exception.Message);
        }
    }

    private static CallToolResult Failed(string message) => new() { IsError = true, Content = [new TextContentBlock { Text = message }] };
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Render.Blueprints;

/// <summary>Validates a Blueprint and lists the changes that applying it would make.</summary>
internal static class BlueprintValidator
{
    private const int LargestFile = 1 << 20;

    public static async Task<Ok<BlueprintValidation>> ValidateAsync(
        HttpContext context, Caller caller, BlueprintApplier applier, CancellationToken cancellationToken)
    {
        var form = await ReadAsync(context.Request, cancellationToken);
        var workspace = caller.RequireWorkspace(form["ownerId"].ToString());
        if (form.Files.GetFile("file") is not { } file)
            throw Refusal.Invalid("file: required, but missing.");
        if (file.Length > LargestFile)
            throw Refusal.TooLarge($"file: must not be larger than {LargestFile} bytes.");
        using var reader = new StreamReader(file.OpenReadStream());
        var text = await reader.ReadToEndAsync(cancellationToken);
        return TypedResults.Ok(await ValidateAsync(workspace, text, caller, applier, cancellationToken));
    }

    private static async Task<BlueprintValidation> ValidateAsync(
        string workspace, string text, Caller caller, BlueprintApplier applier, CancellationToken cancellationToken)
    {
        try
        {
            return ToWire(await applier.ApplyAsync(workspace, new ApplyBlueprint { Blueprint = text, DryRun = true }, caller, cancellationToken));
        }
        catch (RefusedException refused) when (refused.Kind == RefusalKind.Conflict)
        {
            // More than the workspace can have: the request is fine, the file is not.
            return new BlueprintValidation { Valid = false, Errors = [new BlueprintValidationError(refused.Message, null, null, null)] };
        }
    }

    private static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.HasFormContentType && request.ContentType!.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                ? await request.ReadFormAsync(cancellationToken)
                : throw Refusal.Invalid("The body must be multipart/form-data with ownerId and file.");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Refusal.Invalid("The body is not valid multipart/form-data.");
        }
    }

    private static BlueprintValidation ToWire(BlueprintResult result)
    {
        var errors = result.Diagnostics.Where(item => item.Severity == "error").Select(item => new BlueprintValidationError(
            item.Suggestion is null ? item.Message : $"{item.Message} ({item.Suggestion})",
            item.Path.Length == 0 ? null : item.Path,
            item.Line == 0 ? null : item.Line,
            item.Column == 0 ? null : item.Column)).ToList();
        return errors.Count > 0
            ? new BlueprintValidation { Valid = false, Errors = errors }
            : new BlueprintValidation { Valid = true, Plan = ToPlan([.. result.Changes.Where(change => change.Action is "create" or "update")]) };
    }

    private static BlueprintPlanSummary ToPlan(List<PlannedChange> changes)
    {
        return new BlueprintPlanSummary
        {
            Services = Of("service"),
            Databases = Of("postgres"),
            KeyValue = Of("key_value"),
            EnvGroups = Of("env_group"),
            TotalActions = changes.Count,
        };
        List<string> Of(string kind) => [.. changes.Where(change => change.Kind == kind).Select(change => change.Name)];
    }
}

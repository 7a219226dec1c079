package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.kindling.tokenizer.SmallVocabulary.END_OF_TEXT;
import static org.kindling.tokenizer.SmallVocabulary.HELL;
import static org.kindling.tokenizer.SmallVocabulary.HELLO;
import static org.kindling.tokenizer.SmallVocabulary.LL;
import static org.kindling.tokenizer.SmallVocabulary.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code tokenizer.json} may look like for byte-level BPE, and what is made of it. */
class BytePairJsonTest {
  private static final String TEXT = "hello hell lo hhell \u20AC <|endoftext|>";

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenReadsBackTheSame(PreTokenPattern pattern) {
    Tokenizer tokenizer = SmallVocabulary.tokenizer(pattern);

    String json = tokenizer.toJson();
    Tokenizer read = Tokenizer.fromJson(json);

    assertThat(read.toJson()).isEqualTo(json);
    assertThat(read.fingerprint()).isEqualTo(tokenizer.fingerprint());
    assertThat(read.encode(TEXT)).isEqualTo(tokenizer.encode(TEXT));
    assertThat(json.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7F))).isTrue();
  }

  @Test
  void specialTokensAreReadAndStayOutOfPlainText() {
    Tokenizer read = Tokenizer.fromJson(json());

    assertThat(read.encode("hello<|endoftext|>")).startsWith(HELLO, '<').hasSize(14);
    assertThat(read.encodeWithSpecials("hello<|endoftext|>", Set.of("<|endoftext|>")))
        .containsExactly(HELLO, END_OF_TEXT);
    assertThat(read.decode(new int[] {HELLO, END_OF_TEXT})).isEqualTo("hello<|endoftext|>");
    assertThat(read.endOfText()).hasValue(END_OF_TEXT);
  }

  /** As GPT-2's own: no model type, empty strings, merges in one string, a space in the decoder. */
  @Test
  void aFileOfTheFirstVersionsIsRead() {
    String json =
        json(
            root -> {
              ObjectNode model = (ObjectNode) root.get("model");
              model.remove("type");
              model.remove("byte_fallback");
              model.remove("ignore_merges");
              model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
              ((ObjectNode) root.get("pre_tokenizer")).remove("use_regex");
              ((ObjectNode) root.get("decoder")).put("add_prefix_space", true);
              root.putObject("post_processor")
                  .put("type", "ByteLevel")
                  .put("add_prefix_space", true)
                  .put("trim_offsets", false);
            });

    same(json, TEXT);
  }

  /** As Llama 3's: merges in pairs, whole tokens first, a template that adds a first token. */
  @Test
  void aFileOfTheLaterVersionsIsRead() {
    String json =
        SmallVocabulary.edited(
            SmallVocabulary.tokenizer(PreTokenPattern.GPT4).toJson(),
            root -> {
              ObjectNode model = (ObjectNode) root.get("model");
              ArrayNode pairs = model.arrayNode();
              model
                  .get("merges")
                  .forEach(
                      merge -> {
                        String both = merge.textValue();
                        int space = both.indexOf(' ');
                        pairs
                            .addArray()
                            .add(both.substring(0, space))
                            .add(both.substring(space + 1));
                      });
              model.set("merges", pairs);
              model.put("ignore_merges", true);
              ObjectNode vocabulary = (ObjectNode) model.get("vocab");
              vocabulary.put("yell", END_OF_TEXT + 1).put("\u0120yell", END_OF_TEXT + 2);
              vocabulary.remove("<|endoftext|>");
              ObjectNode template = root.putObject("post_processor");
              template.put("type", "Sequence");
              ObjectNode processor = template.putArray("processors").addObject();
              processor.put("type", "ByteLevel").put("add_prefix_space", true);
              processor.put("trim_offsets", false).put("use_regex", true);
            });
    // The library gives a special token that its vocabulary lacks the next free id, and so do we
    // where the file says that id.
    json = json.replace("\"id\":" + END_OF_TEXT, "\"id\":" + (END_OF_TEXT + 2));
    json = json.replace("\"yell\":" + (END_OF_TEXT + 1), "\"yell\":" + END_OF_TEXT);
    json =
        json.replace("\"\u0120yell\":" + (END_OF_TEXT + 2), "\"\u0120yell\":" + (END_OF_TEXT + 1));

    same(json, "hello yell yello hell<|endoftext|>yell");
    assertThat(Tokenizer.fromJson(json).encode("yell yell yello"))
        .containsExactly(END_OF_TEXT, END_OF_TEXT + 1, ' ', 'y', 'e', LL, 'o');
  }

  @ParameterizedTest
  @CsvSource({"Isolated, false", "Isolated, true", "Removed, true"})
  void aSplitThatKeepsEveryMatchIsRead(String behaviour, boolean invert) {
    String json =
        SmallVocabulary.edited(
            SmallVocabulary.tokenizer(PreTokenPattern.QWEN2).toJson(),
            root ->
                ((ObjectNode) root.at("/pre_tokenizer/pretokenizers/0"))
                    .put("behavior", behaviour)
                    .put("invert", invert));

    same(json, TEXT + "12345  \n\n x");
  }

  @Test
  void idsMayHaveHoles() {
    String json = json(root -> ((ObjectNode) root.at("/model/vocab")).put("<|endoftext|>", 300));
    json = json.replace("\"id\":" + END_OF_TEXT, "\"id\":300");

    same(json, TEXT);
    assertThat(Tokenizer.fromJson(json).vocabularySize()).isEqualTo(301);
    assertThat(Tokenizer.fromJson(json).endOfText()).hasValue(300);
  }

  @Test
  void markupThatIsNotSpecialIsReadAsIfItWere() {
    String json =
        json(root -> ((ObjectNode) root.at("/added_tokens/0")).put("special", false))
            .replace("<|endoftext|>", "<tool_call>");

    assertThat(Tokenizer.fromJson(json).encode("<tool_call>")).doesNotContain(END_OF_TEXT);
    assertThat(
            Tokenizer.fromJson(json).encodeWithSpecials("<tool_call>hell", Set.of("<tool_call>")))
        .containsExactly(END_OF_TEXT, HELL);
  }

  /** Ours and the library's ids are the same, and have merges in them. */
  private static void same(String json, String text) {
    Tokenizer ours = Tokenizer.fromJson(json);
    int[] ids = ours.encodeWithSpecials(text, Set.of("<|endoftext|>"));
    try (HuggingFace theirs = HuggingFace.load(json)) {
      assertThat(theirs.encode(text)).isEqualTo(ids).contains(HELLO, HELL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncation", "padding", "post_processor", "normalizer", "pre_tokenizer"})
  void aStageThatIsNotSupportedIsNamed(String stage) {
    String json = json(root -> root.putObject(stage).put("type", "Fancy"));

    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> Tokenizer.fromJson(json))
        .withMessageStartingWith("tokenizer.json ")
        .withMessageContaining(stage)
        .withMessageContaining("{\"type\":\"Fancy\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "dropout, 0.1",
    "continuing_subword_prefix, '\"##\"'",
    "end_of_word_suffix, '\"</w>\"'",
    "byte_fallback, true"
  })
  void aModelOptionThatIsNotSupportedIsNamed(String option, String value) {
    refused(
        json().replaceFirst("\"" + option + "\" : (null|false)", "\"" + option + "\" : " + value),
        "tokenizer.json sets \"model.%s\" to %s, which Kindling does not support"
            .formatted(option, value));
  }

  @Test
  void anotherPatternOrAnAddedSpaceIsRefused() {
    String gpt4 = SmallVocabulary.tokenizer(PreTokenPattern.GPT4).toJson();

    refused(
        json(root -> ((ObjectNode) root.get("pre_tokenizer")).put("add_prefix_space", true)),
        "tokenizer.json sets \"pre_tokenizer.add_prefix_space\", which Kindling does not support:"
            + " a space before the text would be encoded, too");
    refused(
        gpt4.replace("{1,3}", "{1,4}"),
        "tokenizer.json cuts text by the pattern {\"Regex\":\""
            + PreTokenPattern.GPT4.regex().replace("{1,3}", "{1,4}").replace("\\", "\\\\")
            + "\"}; Kindling knows those of GPT-2, GPT-4 and Llama 3, o200k, and Qwen2");
    refused(
        gpt4.replace("Isolated", "MergedWithPrevious"),
        "tokenizer.json has a Split with the behavior \"MergedWithPrevious\", invert false;"
            + " Kindling reads \"Isolated\"");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(
            () ->
                Tokenizer.fromJson(
                    json(root -> ((ObjectNode) root.get("pre_tokenizer")).put("use_regex", false))))
        .withMessageStartingWith("tokenizer.json has the pre_tokenizer {\"type\":\"ByteLevel\"");
    refused(
        json().replaceFirst("(\"decoder\" : .\\s*\"type\" : )\"ByteLevel\"", "$1\"Metaspace\""),
        "tokenizer.json has the decoder \"Metaspace\"; Kindling reads \"ByteLevel\" and \"Fuse\"");
  }

  @Test
  void addedTokensThatChangeTheTextAroundThemOrAreFoundInItAreRefused() {
    refused(
        json().replace("\"lstrip\" : false", "\"lstrip\" : true"),
        "tokenizer.json sets \"added_tokens.lstrip\" to true, which Kindling does not support");
    refused(
        json(root -> ((ObjectNode) root.at("/added_tokens/0")).put("special", false))
            .replace("<|endoftext|>", "  "),
        "tokenizer.json has the added token \"  \", which is not special;"
            + " Kindling does not look for added tokens in plain text");
  }

  @Test
  void damageIsNamed() {
    String damaged = "tokenizer.json is damaged: ";
    refused(
        json().replace("\"he ll\"", "\"he xx\""),
        damaged + "merge 3 joins \"he\" and \"xx\", but \"xx\" is not in the vocabulary");
    refused(
        json().replace("\"he ll\"", "\"ll he\""),
        damaged + "merge 3 joins \"ll\" and \"he\", but \"llhe\" is not in the vocabulary");
    refused(
        json().replace("\"he ll\"", "\"h e\""),
        damaged + "the merge of \"h\" and \"e\" is there twice");
    refused(
        json(root -> root.put("added_tokens", "<|endoftext|>")),
        damaged + "\"added_tokens\" is not an array");
    refused(
        json().replace("\"he ll\"", "\"hell\""),
        damaged + "a merge is \"hell\"; it must be \"a b\" or [\"a\", \"b\"]");
    refused(
        json().replace("\"he ll\"", "[ \"he\" ]"),
        damaged + "a merge is [\"he\"]; it must be \"a b\" or [\"a\", \"b\"]");
    refused(
        json().replace("\"he\" : 256", "\"he\" : 257"),
        damaged + "\"he\" and \"ll\" have the same id 257");
    refused(
        json().replace("\"he\" : 256", "\"he\" : -1"),
        damaged + "the id of \"he\" is -1; ids are 0 to 1048575");
    refused(
        json().replace("\"he\" : 256", "\"he\" : 2000000000"),
        damaged + "the id of \"he\" is 2000000000; ids are 0 to 1048575");
    refused(
        json().replace("\"id\" : 261", "\"id\" : 262"),
        damaged + "the added token \"<|endoftext|>\" has the id 262, but 261 in the vocabulary");
    refused(
        json().replace("\"\\u0143\" : 173,", ""),
        "tokenizer.json has no token for the byte 0xAD, \"\u0143\";"
            + " byte-level BPE needs one for each of 256");
    refused(
        json(root -> ((ObjectNode) root.at("/model/vocab")).put("a\nb", 262)),
        "tokenizer.json has the token \"a\\nb\" (id 262),"
            + " which is not written in byte-level characters");
    refused(
        json().replace("\"content\"", "\"contents\""),
        damaged
            + "an added token has no \"content\": {\"id\":261,\"contents\":\"<|endoftext|>\","
            + "\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":true...");
    refused(json().replace("\"vocab\"", "\"words\""), damaged + "it has no \"model.vocab\"");
    refused(
        json().replace("\"merges\"", "\"joins\""), damaged + "it has no array \"model.merges\"");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> Tokenizer.fromJson(json().substring(0, 2000)))
        .withMessageStartingWith("tokenizer.json is not valid JSON: ")
        .withMessageContaining("line ");
  }

  private static void refused(String json, String message) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> Tokenizer.fromJson(json))
        .withMessage(message);
  }
}

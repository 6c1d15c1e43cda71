#include "text/stop_words.h"

namespace corsac::text {
namespace {

struct List {
  std::string_view language;
  std::string_view words;
};

constexpr std::string_view kEnglish =
    "a an and are as at be but by for if in into is it no not of on or such that the their then "
    "there these "
    "they this to was will with "
    "from has have had he her his i its our she we were what when which who you";

constexpr List kLists[] = {
    {"da",
     "af alle at da de den der det dette du efter ej eller en er et for fra ham han har hun hvad "
     "hvor ikke "
     "ind jeg kan man med men mig min ned når og om op os på sig som til ud var ved vi vil"},
    {"de",
     "aber als am an auch auf aus bei bin bis da das dass dem den der des die du ein eine einem "
     "einen einer "
     "eines er es für hat ich ihr im in ist mit nach nicht noch nur oder sich sie sind so über um "
     "und uns "
     "von vor war was wie wir wird zu zum zur"},
    {"en", kEnglish},
    {"es",
     "a al como con de del desde el ella ellas ellos en entre era es esta este esto fue ha hasta "
     "la las le "
     "les lo los me mi muy más ni no nos o para pero por que se sin sobre son su sus también un "
     "una uno y ya yo"},
    {"fi",
     "ei ehkä että he hän ja jo joka jos kuin kun me mikä mitä mukaan mutta myös ne niin nyt ole "
     "oli olla on "
     "ovat se sekä sen siitä siis te tai tämä vain voi"},
    {"fr",
     "au aux avec ce ces cette comme dans de des du elle elles en est et eux il ils je la le les "
     "leur leurs "
     "lui mais me même mes mon ne nos notre nous on ont ou où par pas plus pour qu que qui sa sans "
     "se ses "
     "si son sont sur ta te tu un une vos votre vous y été être"},
    {"it",
     "a ad al alla anche che chi ci come con da dal dalla dei del della delle di e ed era gli ha "
     "ho i il in "
     "io la le lei lo loro lui ma mi ne nei nel nella noi non o per più quale quello questo se si "
     "sono su "
     "sua sul sulla suo tra tu un una uno voi è"},
    {"nl",
     "aan al als bij dan dat de der deze die dit door een en er ge geen had heb hebben heeft het "
     "hij hoe "
     "hun ik in is je maar me met mijn na naar niet nog nu of om ook op over te tot uit van voor "
     "was wat we "
     "wel werd wie wij wordt zal ze zich zij zijn zo zou"},
    {"no",
     "alle at av da de dem den denne der det dette du eller en enn er et etter for fra ha han har "
     "hun hva "
     "hvor i ikke jeg kan man med men meg min nå når og om opp oss på seg som så til ut var ved vi "
     "vil være"},
    {"pt",
     "a ao aos as com como da das de do dos e ela ele eles em entre era essa esse esta este eu foi "
     "há isso "
     "já lhe mais mas me mesmo muito na nas nem no nos não o os ou para pela pelo por quando que "
     "quem se sem "
     "ser seu sua são também te tem um uma você à é"},
    {"ru",
     "а без бы был была были было в вам вас во вот все вы где да для до его ее если есть еще же за "
     "и из или "
     "им их к как ко когда кто ли мне мы на над не нет ни но о об он она они оно от по под при с "
     "со так "
     "также там то тоже только ты у уже что чтобы это я"},
    {"sv",
     "alla att av de dem den denna det detta du där efter ej eller en er ett från för ha han har "
     "hon hur här "
     "i icke inte jag kan man med men mig min mot ni nu när och om oss på sig sin ska som så till "
     "upp ut var "
     "vi vid vill är"},
};

}  // namespace

std::string_view stop_words(std::string_view language) noexcept {
  for (const List& list : kLists) {
    if (list.language == language) return list.words;
  }
  return {};
}

std::vector<std::string_view> stop_word_languages() {
  std::vector<std::string_view> codes;
  for (const List& list : kLists) codes.push_back(list.language);
  return codes;
}

std::string_view simple_stop_words() noexcept { return kEnglish; }

}  // namespace corsac::text
